import { ScriptedEncoder } from '../fixtures/scripted-encoder.ts';
import { expect, test } from '../fixtures/test.ts';
import type { WatchPage } from '../fixtures/watch-page.ts';

// Streams that are not thirty pictures a second with sound: each is played, described truly and not opened anew.

const note = ({ page }: WatchPage) => page.locator('.player-note');

test('one picture in six seconds with music plays on, sound and all', async ({
  publish,
  watch,
  complaints,
}) => {
  // ffmpeg holds the sound back until the next picture: all of it comes in pieces of six seconds.
  publish('live/slides', { rate: '1/6', gop: 5 });
  const page = await watch('/watch/live/slides');
  await expect
    .poll(async () => (await page.progress()).frames, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(3);
  await page.expectState('live');
  const opened = await page.number('data-opened');
  const others = await page.statesBeside('live');
  const before = await page.progress();
  await page.expectClock(9);
  const after = await page.progress();
  const secondsPlayed = after.currentTime - before.currentTime;
  expect((after.audioBytes - before.audioBytes) / secondsPlayed).toBeGreaterThan(8_000);
  expect(after.frames).toBeGreaterThan(before.frames);
  expect(await others()).toEqual([]);
  expect(await page.number('data-opened')).toBe(opened);
  expect(complaints).toEqual([]);
});

test('one picture in a second without sound is shown without a word', async ({ publish, watch }) => {
  publish('live/slides', { rate: '1', gop: 5, audio: false });
  const page = await watch('/watch/live/slides');
  await page.expectState('live');
  const opened = await page.number('data-opened');
  const others = await page.statesBeside('live');
  await page.expectClock(6);
  expect(await others()).toEqual([]);
  expect(await page.number('data-opened')).toBe(opened);
});

test('a camera that stands while the sound goes on is said to, and its picture returns', async ({
  gateway,
  watch,
  complaints,
}) => {
  const encoder = await ScriptedEncoder.publish(gateway.rtmpPort, 'live/camera', {
    seconds: 25,
    keep: ({ kind, timestampMs }) => kind !== 'video' || timestampMs < 4000 || timestampMs >= 12_000,
  });
  const page = await watch('/watch/live/camera');
  await page.expectPlaying();
  const opened = await page.number('data-opened');
  const others = await page.statesBeside('live');
  await expect(note(page)).toHaveText(/The picture has stood still for \d+ s; sound goes on\./);
  const before = await page.progress();
  await page.expectClock(2);
  expect((await page.progress()).audioBytes).toBeGreaterThan(before.audioBytes + 10_000);
  await expect(note(page)).toHaveCount(0);
  await page.expectPlaying();
  expect(await others()).toEqual([]);
  expect(await page.number('data-opened')).toBe(opened);
  expect(complaints).toEqual([]);
  await encoder.stop();
});

test('sound that is pushed to talk leaves the pictures going', async ({ gateway, watch, complaints }) => {
  const encoder = await ScriptedEncoder.publish(gateway.rtmpPort, 'live/radio', {
    seconds: 25,
    keep: ({ kind, timestampMs }) => kind !== 'audio' || timestampMs % 6000 < 3000,
  });
  const page = await watch('/watch/live/radio');
  await page.expectPlaying();
  const opened = await page.number('data-opened');
  const others = await page.statesBeside('live');
  const before = await page.progress();
  await page.expectClock(9);
  expect((await page.progress()).frames - before.frames).toBeGreaterThan(9 * 25);
  expect(await others()).toEqual([]);
  expect(await page.number('data-opened')).toBe(opened);
  expect(complaints).toEqual([]);
  await encoder.stop();
});

test('MP3 plays, and sound that changes from AAC to MP3 within one publish is followed', async ({
  gateway,
  watch,
  complaints,
}) => {
  const mp3 = ['-c:a', 'libmp3lame', '-b:a', '96k', '-ac', '2'];
  const encoder = await ScriptedEncoder.publish(
    gateway.rtmpPort,
    'live/mixed',
    { seconds: 6 },
    { seconds: 20, sound: mp3 },
  );
  const page = await watch('/watch/live/mixed');
  await page.expectPlaying();
  const opened = await page.number('data-opened');
  await expect.poll(() => page.number('data-opened')).toBe(opened + 1);
  await page.expectPlaying();
  await page.page.keyboard.press('i');
  await expect(page.page.getByText('MP3')).toBeVisible();
  expect(complaints).toEqual([]);
  await encoder.stop();
});

test('sound that no browser plays leaves the picture, with a word', async ({ publish, watch }) => {
  publish('live/camera', { sound: 'g711' });
  const page = await watch('/watch/live/camera');
  await page.expectPlaying({ audio: false });
  await expect(note(page)).toHaveText(/The sound is G\.711.*The picture plays without it\./);
  await expect(page.page.getByRole('button', { name: 'No sound in this stream' })).toBeDisabled();
});

test('a stream without pictures says what it is, and keeps its bar', async ({ publish, watch }) => {
  publish('live/radio', { video: false });
  const page = await watch('/watch/live/radio');
  await page.expectPlaying({ video: false });
  await expect(page.page.getByRole('heading', { name: 'Sound only' })).toBeVisible();
  await page.page.keyboard.press('m');
  await expect(page.page.locator('.sound-level')).toBeVisible();
  await expect(page.page.locator('.player')).toHaveAttribute('data-quiet', 'false');
});

test('an encoder that freezes sends nothing, and no old picture passes for live', async ({
  publish,
  watch,
  complaints,
}) => {
  const encoder = publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  const opened = await page.number('data-opened');
  encoder.freeze();
  await expect(page.page.getByRole('heading', { name: 'No signal' })).toBeVisible();
  const others = await page.statesBeside('reconnecting');
  // Twice the time after which the page would take a connection for dead.
  await page.page.waitForTimeout(8_000);
  expect(await others()).toEqual([]);
  expect(await page.number('data-opened')).toBe(opened);
  encoder.thaw();
  await page.expectPlaying();
  expect(complaints).toEqual([]);
});
