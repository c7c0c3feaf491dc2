import { ArrivalTimes } from '../fixtures/arrival-times.ts';
import { expect, test } from '../fixtures/test.ts';

test('a page that was opened before the stream starts by itself when it goes live', async ({
  publish,
  watch,
}) => {
  const page = await watch('/watch/live/main');
  await page.expectState('offline');
  await expect(page.page.getByText(/not live yet/i)).toBeVisible();
  publish('live/main');
  await page.expectPlaying();
  expect(await page.number('data-first-frame-ms')).toBeGreaterThan(0);
});

test('a late joiner has a picture within a second, and is soon about half a second behind', async ({
  gateway,
  publish,
  watch,
}, info) => {
  const arrivals = ArrivalTimes.of(gateway.url('/live/main.flv?wait=60'));
  publish('live/main');
  const times = await arrivals;
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  const firstFrameMs = await page.number('data-first-frame-ms');
  expect(firstFrameMs).toBeLessThan(1_000);

  let behindMs = Number.NaN;
  await expect(async () => {
    const { frame, atMs } = await page.frameOnScreen();
    behindMs = times.ageMs(frame, atMs) ?? Number.NaN;
    expect(behindMs).toBeGreaterThanOrEqual(0);
    expect(behindMs).toBeLessThan(1_000);
  }).toPass();
  times.stop();
  info.annotations.push(
    { type: 'first frame', description: `${firstFrameMs} ms after the page was opened` },
    { type: 'latency', description: `${Math.round(behindMs)} ms between server and picture` },
  );
});

test('two tabs play the same stream', async ({ context, publish, watch }) => {
  publish('live/main');
  const one = await watch('/watch/live/main');
  const two = await watch('/watch/live/main', { page: await context.newPage() });
  await two.expectPlaying();
  await one.page.bringToFront();
  await one.expectPlaying();
  await two.page.close();
});

test('a stream without sound plays, and one without pictures is heard', async ({
  context,
  publish,
  watch,
}) => {
  publish('live/mute', { audio: false });
  publish('live/radio', { video: false });
  const mute = await watch('/watch/live/mute');
  await mute.expectPlaying({ audio: false });
  const radio = await watch('/watch/live/radio', { page: await context.newPage() });
  await radio.expectPlaying({ video: false });
  await radio.page.close();
});

test('the embedded player plays without the page around it', async ({ publish, watch }) => {
  publish('live/main');
  const page = await watch('/embed/live/main?transport=http');
  await page.expectPlaying();
  await expect(page.page.locator('.player')).toHaveAttribute('data-transport', 'http');
});

test('the start page lists what is live and leads to it', async ({ gateway, publish, page }) => {
  await page.goto(gateway.url('/'));
  publish('live/main');
  await page
    .getByRole('link', { name: /live\/main/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/watch\/live\/main$/);
});
