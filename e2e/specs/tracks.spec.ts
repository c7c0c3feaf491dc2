import { MultitrackEncoder } from '../fixtures/multitrack-encoder.ts';
import { expect, test } from '../fixtures/test.ts';

test('a stream of two pictures has a menu of tracks, and the chosen one plays', async ({
  gateway,
  watch,
}) => {
  const encoder = await MultitrackEncoder.publish(gateway.rtmpPort, 'live', 'main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  expect((await page.progress()).width).toBe(640);

  await page.page.keyboard.press('t');
  const menu = page.page.getByRole('complementary', { name: 'Tracks' });
  await expect(menu.getByRole('radio')).toHaveCount(2);
  await expect(menu.getByRole('radio', { name: /Default 640×360/ })).toBeChecked();
  await menu.getByRole('radio', { name: /Track 1 320×180/ }).check();
  await expect.poll(async () => (await page.progress()).width).toBe(320);
  await page.expectPlaying();
  expect(page.page.url()).toMatch(/\?track=1$/);

  await page.page.reload();
  await page.expectPlaying();
  expect((await page.progress()).width).toBe(320);
  await encoder.stop();
});

test('a stream of one picture and one sound has no such menu', async ({ publish, watch }) => {
  publish('live/main');
  const page = await watch('/watch/live/main?track=3');
  await page.expectPlaying();
  await expect(page.page.getByRole('button', { name: 'Tracks' })).toHaveCount(0);
  await expect(page.page.getByRole('button', { name: 'Share' })).toHaveCount(1);
});
