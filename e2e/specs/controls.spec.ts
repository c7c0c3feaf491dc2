import type { Page } from 'playwright/test';
import { expect, test } from '../fixtures/test.ts';

/** Counts from now on how often the element was paused. */
async function countPauses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    video.addEventListener('pause', () => {
      document.body.dataset.pauses = String(Number(document.body.dataset.pauses ?? 0) + 1);
    });
  });
  return async () => Number(await page.evaluate(() => document.body.dataset.pauses ?? 0));
}

const isPaused = (page: Page) =>
  page.evaluate(() => (document.querySelector('video') as HTMLVideoElement).paused);
const isMuted = (page: Page) =>
  page.evaluate(() => (document.querySelector('video') as HTMLVideoElement).muted);
const isFullscreen = (page: Page) => page.evaluate(() => document.fullscreenElement !== null);

test('a double click is full screen and does not hold the picture, a single one holds it', async ({
  publish,
  watch,
}) => {
  publish('live/main');
  const watched = await watch('/watch/live/main');
  const { page } = watched;
  await watched.expectPlaying();
  const pauses = await countPauses(page);
  let full = false;
  for (const delay of [0, 40, 120]) {
    await page.mouse.dblclick(640, 300, { delay });
    full = !full;
    await expect.poll(() => isFullscreen(page)).toBe(full);
    await watched.expectPlaying();
  }
  expect(await pauses()).toBe(0);
  await page.mouse.click(640, 300);
  await expect.poll(() => isPaused(page)).toBe(true);
  await expect(page.locator('.player')).toHaveAttribute('data-paused', 'true');
  await page.mouse.click(640, 300);
  await watched.expectPlaying();
  expect(await pauses()).toBe(1);
});

test('what was asked for last holds: Space twice, and the element held and started from outside', async ({
  publish,
  watch,
}) => {
  publish('live/main');
  const watched = await watch('/watch/live/main');
  const { page } = watched;
  await watched.expectPlaying();
  const pauses = await countPauses(page);
  await page.evaluate(() => {
    for (let i = 0; i < 2; i++)
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: ' ', code: 'Space', bubbles: true, cancelable: true }),
      );
  });
  await watched.expectPlaying();
  await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    video.pause();
    void video.play();
  });
  await watched.expectPlaying();
  expect(await pauses()).toBeLessThanOrEqual(2);
  await page.evaluate(() => (document.querySelector('video') as HTMLVideoElement).pause());
  await expect(page.locator('.player')).toHaveAttribute('data-paused', 'true');
  await page.evaluate(() => void (document.querySelector('video') as HTMLVideoElement).play());
  await expect(page.locator('.player')).toHaveAttribute('data-paused', 'false');
  await watched.expectPlaying();
});

test('keys work after the mouse was used, with the slider in focus, with Caps Lock and in Cyrillic', async ({
  publish,
  watch,
}) => {
  publish('live/main');
  const watched = await watch('/watch/live/main');
  const { page } = watched;
  await watched.expectPlaying();

  await page.getByRole('button', { name: 'Unmute' }).first().click();
  await expect.poll(() => isMuted(page)).toBe(false);
  await page.keyboard.press('k');
  await expect.poll(() => isPaused(page)).toBe(true);
  await page.keyboard.press('Space');
  await expect.poll(() => isPaused(page)).toBe(false);
  expect(await isMuted(page)).toBe(false);

  await page.getByRole('slider', { name: 'Volume' }).focus();
  await page.keyboard.press('m');
  await expect.poll(() => isMuted(page)).toBe(true);
  await page.keyboard.press('Space');
  await expect.poll(() => isPaused(page)).toBe(true);
  await page.keyboard.press('K');
  await expect.poll(() => isPaused(page)).toBe(false);

  await page.evaluate(() =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ь', code: 'KeyM', bubbles: true, cancelable: true }),
    ),
  );
  await expect.poll(() => isMuted(page)).toBe(false);

  const mute = page.getByRole('toolbar').getByRole('button', { name: 'Mute', exact: true });
  await page.keyboard.press('Shift+Tab');
  await expect(mute).toBeFocused();
  await page.keyboard.press('Space');
  await expect.poll(() => isMuted(page)).toBe(true);
  expect(await isPaused(page)).toBe(false);
});
