import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SoundFiller } from './sound-filler.ts';

const durationMs = 1024 / 44.1;

/** What a player would get: the sound that was kept, and the silence between. */
class Listener {
  readonly filler = new SoundFiller({ frame: Uint8Array.of(0), durationMs }, 0);
  readonly frames: { readonly ms: number; readonly silent: boolean }[] = [];
  dropped = 0;
  lateMs = 0;
  #newestPicture = 0;

  picture(ms: number, nowMs = ms): void {
    this.#newestPicture = ms;
    for (const time of this.filler.picture(ms, this.lateMs, nowMs))
      this.frames.push({ ms: time, silent: true });
  }

  sound(ms: number, nowMs = ms): void {
    this.lateMs = Math.max(this.lateMs, this.#newestPicture - ms);
    const { silence, keep } = this.filler.sound(ms, nowMs);
    for (const time of silence) this.frames.push({ ms: time, silent: true });
    if (keep) this.frames.push({ ms, silent: false });
    else this.dropped += 1;
  }

  /** Pictures at 25 a second and sound, from one moment to another. */
  play(fromMs: number, toMs: number, hasSound: boolean): void {
    for (let ms = fromMs; ms < toMs; ms += 1) {
      if (ms % 40 === 0) this.picture(ms);
      if (hasSound && Math.floor(ms / durationMs) !== Math.floor((ms - 1) / durationMs)) this.sound(ms);
    }
  }

  get silent(): number {
    return this.frames.filter(({ silent }) => silent).length;
  }

  /** The largest step from one frame to the next. */
  get widestMs(): number {
    return Math.max(...this.frames.slice(1).map(({ ms }, i) => ms - (this.frames[i]?.ms ?? 0)));
  }
}

test('sound that comes as it should is left alone', () => {
  const listener = new Listener();
  listener.play(0, 20_000, true);
  assert.equal(listener.silent, 0);
  assert.equal(listener.dropped, 0);
});

test('a pause is filled while pictures go on, and nothing of what comes afterwards is lost', () => {
  const listener = new Listener();
  listener.play(0, 4000, true);
  listener.play(4000, 8000, false);
  const filledMs = listener.frames.at(-1)?.ms ?? 0;
  assert.ok(filledMs > 7600, `filled up to ${filledMs} ms while the pause goes on`);
  listener.play(8000, 12_000, true);
  assert.equal(listener.dropped, 0);
  assert.ok(listener.widestMs < 3.1 * durationMs, `a hole of ${listener.widestMs} ms`);
  assert.ok(Math.abs(listener.silent - 4000 / durationMs) < 4, `${listener.silent} silent frames`);
});

test('many pauses do not add up to a shift', () => {
  const listener = new Listener();
  for (let i = 0; i < 50; i++) {
    listener.play(i * 4000, i * 4000 + 2000, true);
    listener.play(i * 4000 + 2000, i * 4000 + 4000, false);
  }
  const shiftMs = listener.frames.length * durationMs - 200_000;
  assert.ok(Math.abs(shiftMs) < 400, `${shiftMs} ms of sound too much`);
});

test('a stream whose sound has not begun is silent from its first picture on', () => {
  const listener = new Listener();
  listener.play(0, 2000, false);
  assert.equal(listener.frames[0]?.ms, 0);
  assert.ok(listener.silent > 60);
});

test('sound in blocks of three seconds loses the first block at most, and none later', () => {
  const listener = new Listener();
  for (let block = 1; block <= 6; block++) {
    const arrivesMs = block * 3000;
    for (let ms = arrivesMs - 3000; ms < arrivesMs; ms += 40) listener.picture(ms);
    if (block === 2) listener.dropped = 0;
    for (let ms = arrivesMs - 3000; ms < arrivesMs; ms += durationMs)
      listener.sound(Math.round(ms), arrivesMs);
  }
  assert.equal(listener.dropped, 0);
});

test('frames that share a timestamp by threes are no holes', () => {
  const listener = new Listener();
  for (let i = 0; i < 200; i++) {
    const ms = Math.round(i * 3 * durationMs);
    for (let j = 0; j < 3; j++) listener.sound(ms);
    listener.picture(ms);
  }
  assert.equal(listener.silent, 0);
  assert.equal(listener.dropped, 0);
});

test('pictures whose clock is far ahead do not make silence of sound that comes all the time', () => {
  const listener = new Listener();
  for (let ms = 0; ms < 10_000; ms += 40) {
    listener.filler.picture(ms + 5000, 0, ms);
    listener.sound(ms, ms);
    listener.sound(ms + 20, ms);
  }
  assert.equal(listener.silent, 0);
});

test('a jump of the timeline is not filled', () => {
  const listener = new Listener();
  listener.play(0, 1000, true);
  listener.sound(100_000, 1000);
  assert.equal(listener.silent, 0);
});

test('whatever comes and does not come, time never goes back and silence stays within the pictures', () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(spans, (parts) => {
      const listener = new Listener();
      let ms = 0;
      for (const [tenths, hasSound] of parts) {
        listener.play(ms, ms + tenths * 100, hasSound);
        ms += tenths * 100;
      }
      let before = 0;
      for (const { ms: time, silent } of listener.frames) {
        assert.ok(time >= before - 3 * durationMs, `from ${before} back to ${time}`);
        if (silent) assert.ok(time <= ms, `silence at ${time} of ${ms}`);
        before = Math.max(before, time);
      }
    }),
  );
});
