import { Firefox, firefoxPath } from '../fixtures/firefox.ts';
import { ScriptedEncoder } from '../fixtures/scripted-encoder.ts';
import { test as base, expect } from '../fixtures/test.ts';

interface Seen {
  readonly state: string;
  readonly opened: number;
  readonly engine: string;
  readonly seconds: number;
  readonly frames: number;
  readonly note: string;
  /** The last picture of an earlier engine still covers the video. */
  readonly frozen: boolean;
}

const look = `(() => {
  const player = document.querySelector('.player');
  const video = document.querySelector('video');
  return {
    state: player?.dataset.state ?? '',
    opened: Number(player?.dataset.opened),
    engine: player?.dataset.engine ?? '',
    seconds: video?.currentTime ?? 0,
    frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    note: document.querySelector('.player-note')?.textContent ?? '',
    frozen: document.querySelector('.player-stage canvas')?.hidden === false,
  };
})()`;

/** A page in Firefox, as a test looks at it. */
class FirefoxPage {
  readonly firefox: Firefox;

  constructor(firefox: Firefox) {
    this.firefox = firefox;
  }

  look(): Promise<Seen> {
    return this.firefox.evaluate<Seen>(look);
  }

  async expectPlaying(): Promise<Seen> {
    await expect.poll(async () => (await this.look()).state).toBe('live');
    const before = await this.look();
    await expect(async () => {
      const now = await this.look();
      expect(now.seconds).toBeGreaterThan(before.seconds + 0.5);
      expect(now.frames).toBeGreaterThan(before.frames + 5);
      expect(now.frozen).toBe(false);
    }).toPass();
    return before;
  }
}

const test = base.extend<{ readonly watchInFirefox: (path: string) => Promise<FirefoxPage> }>({
  watchInFirefox: async ({ gateway }, use, info) => {
    const skip = (why: string): never => {
      // The list of results names no reasons.
      process.stdout.write(`     Not tried in Firefox: ${why}\n`);
      info.skip(true, why);
      throw new Error(why);
    };
    const path = firefoxPath() ?? skip('there is none. Install one, or set FIREFOX_PATH.');
    const firefox = await Firefox.start(path).catch((error: unknown) =>
      skip(`it cannot be driven here (${error instanceof Error ? error.message : error}).`),
    );
    await use(async (page) => {
      await firefox.open(gateway.url(page));
      return new FirefoxPage(firefox);
    });
    await firefox.close();
  },
});

test('Firefox plays, and goes on after the encoder crashed and started again', async ({
  publish,
  watchInFirefox,
}) => {
  const first = publish('live/main');
  const page = await watchInFirefox('/watch/live/main');
  await page.expectPlaying();
  await first.kill();
  await expect.poll(async () => (await page.look()).state).toMatch(/reconnecting|buffering/);
  publish('live/main');
  await page.expectPlaying();
  expect(page.firefox.complaints.filter((text) => !/can’t establish a connection/.test(text))).toEqual([]);
});

test('Firefox plays MP3 beside the picture', async ({ publish, watchInFirefox }) => {
  publish('live/main', { sound: 'mp3' });
  const page = await watchInFirefox('/watch/live/main');
  await page.expectPlaying();
  const { engine, note } = await page.look();
  expect([engine, note]).toEqual(['flv.js', '']);
});

test('Firefox lets the sound go on while a camera stands, and shows its picture again', async ({
  gateway,
  watchInFirefox,
}) => {
  const encoder = await ScriptedEncoder.publish(gateway.rtmpPort, 'live/camera', {
    seconds: 25,
    keep: ({ kind, timestampMs }) => kind !== 'video' || timestampMs < 5000 || timestampMs >= 11_500,
  });
  const page = await watchInFirefox('/watch/live/camera');
  const { opened } = await page.expectPlaying();
  await expect.poll(async () => (await page.look()).note).toMatch(/has stood still for \d+ s; sound goes on/);
  const before = await page.look();
  await expect.poll(async () => (await page.look()).seconds).toBeGreaterThan(before.seconds + 1.5);
  await expect.poll(async () => (await page.look()).note).toBe('');
  await page.expectPlaying();
  expect((await page.look()).opened).toBe(opened);
  await encoder.stop();
});
