import { ArrivalTimes } from '../fixtures/arrival-times.ts';
import { expect, test } from '../fixtures/test.ts';
import { WatchPage } from '../fixtures/watch-page.ts';
import { HlsOrigin } from './hls-origin.ts';

/** What most guides advise for low latency over HLS, and the keyframe distance it needs. */
const SEGMENT_SECONDS = 2;
const READINGS = 40;

/** Sluice and HLS side by side, from one push, read off the pictures on screen. Run it with `npm run bench:hls`. */
test('server to picture: Sluice and HLS from one encoder', async ({ context, gateway, publish, watch }) => {
  test.setTimeout(180_000);
  const arriving = ArrivalTimes.of(gateway.url('/live/main.flv?wait=60'));
  publish('live/main', { gop: 30 * SEGMENT_SECONDS });
  const arrivals = await arriving;
  const hls = await HlsOrigin.start(gateway.url('/live/main.flv'), SEGMENT_SECONDS);
  const sluicePage = await watch('/watch/live/main');
  const hlsPage = new WatchPage(await context.newPage());
  await expect(async () => {
    await hlsPage.page.goto(hls.url);
    await expect.poll(async () => (await hlsPage.progress()).frames, { timeout: 5_000 }).toBeGreaterThan(30);
  }).toPass({ timeout: 60_000 });
  await sluicePage.page.bringToFront();
  await sluicePage.expectPlaying();

  const read = async (page: WatchPage) => {
    await page.page.bringToFront();
    const ages: number[] = [];
    while (ages.length < READINGS) {
      const { frame, atMs } = await page.frameOnScreen();
      const ageMs = arrivals.ageMs(frame, atMs);
      if (ageMs !== undefined) ages.push(ageMs);
      await page.page.waitForTimeout(100);
    }
    return ages.sort((a, b) => a - b);
  };
  for (const [name, page] of [
    ['Sluice', sluicePage],
    [`HLS, ${SEGMENT_SECONDS} s segments`, hlsPage],
  ] as const) {
    const ages = await read(page);
    const seconds = (at: number) => ((ages[Math.floor(ages.length * at)] ?? 0) / 1000).toFixed(2);
    process.stdout.write(
      `${name}: median ${seconds(0.5)} s, ${seconds(0)} to ${seconds(0.99)} s behind the server\n`,
    );
  }
  arrivals.stop();
  await hlsPage.page.close();
  await hls.stop();
});
