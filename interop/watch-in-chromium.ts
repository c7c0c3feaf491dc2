import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import type { Bench } from './bench.ts';
import { programPath } from './installed.ts';
import { expect } from './trial.ts';
import { seconds, until } from './until.ts';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * Opens the watch page and sees that picture and sound advance. A picture of the page is kept in the folder that
 * INTEROP_SCREENSHOTS names.
 */
export async function watchInChromium(bench: Bench, name: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: programPath('chromium'), args: flags });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const openedMs = performance.now();
    await page.goto(bench.gateway.http(`/watch/${name}`));
    const before = await until(() => progress(page), 10_000, 'the first picture');
    const firstMs = performance.now() - openedMs;
    const after = await until(
      async () => {
        const now = await progress(page);
        const isOn = now && now.time > before.time + 3 && now.frames > before.frames + 60;
        return isOn && now.audioBytes > before.audioBytes ? now : undefined;
      },
      15_000,
      'the advance of picture and sound',
    );
    const folder = process.env.INTEROP_SCREENSHOTS;
    if (folder) await page.screenshot({ path: join(folder, 'watch-obs.png') });
    const state = await page.locator('.player').getAttribute('data-state');
    expect(state === 'live', `the player says ${state}`);
    expect(!(await page.content()).includes(bench.secret), 'the page holds the secret');
    const dropped = after.dropped - before.dropped;
    return `B-frames play: picture and sound advance, ${after.width}x${after.height}, first picture after ${seconds(firstMs)}, ${after.frames - before.frames} pictures in ${seconds((after.time - before.time) * 1000)}, ${dropped} dropped`;
  } finally {
    await browser.close();
  }
}

interface Progress {
  readonly time: number;
  readonly frames: number;
  readonly dropped: number;
  readonly audioBytes: number;
  readonly width: number;
  readonly height: number;
}

/** What the video element has done; undefined before its first picture. */
async function progress(page: Page): Promise<Progress | undefined> {
  return await page.evaluate(() => {
    const video = document.querySelector('video') as
      | (HTMLVideoElement & { webkitAudioDecodedByteCount?: number })
      | null;
    if (!video || video.videoWidth === 0 || video.currentTime === 0) return undefined;
    const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
    return {
      time: video.currentTime,
      frames: totalVideoFrames,
      dropped: droppedVideoFrames,
      audioBytes: video.webkitAudioDecodedByteCount ?? 0,
      width: video.videoWidth,
      height: video.videoHeight,
    };
  });
}
