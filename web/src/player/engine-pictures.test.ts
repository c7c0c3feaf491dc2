import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releasePictures } from './engine-pictures.ts';

/** Keeps the last of several pictures back, as the remuxers of both engines do, and one that is alone unless it is forced. */
function engineWith(queued: number[], stashed: number | null) {
  const sample = (time: number) => ({ time, length: 10 });
  const given: number[] = [];
  const queue = { samples: queued.map(sample), length: queued.length * 10 };
  const remuxer = {
    _videoStashedLastSample: stashed === null ? null : sample(stashed),
    _videoNextDts: 12 as number | undefined,
    _remuxVideo(track: typeof queue, force: boolean) {
      assert.equal(force, true);
      assert.equal(this._videoNextDts, undefined);
      assert.equal(track.length, track.samples.length * 10);
      if (track.samples.length > 1) this._videoStashedLastSample = track.samples.pop() ?? null;
      given.push(...track.samples.map(({ time }) => time));
      this._videoNextDts = 99;
      track.samples = [];
      track.length = 0;
    },
  };
  return { engine: { _a: { _b: { _remuxer: remuxer, _demuxer: { _videoTrack: queue } } } }, remuxer, given };
}

test('whatever an engine keeps back is given out in order, and the next keeps its own time', () => {
  const kept: [number[], number | null][] = [
    [[], 1],
    [[2], null],
    [[2], 1],
    [[2, 3, 4], 1],
  ];
  for (const [queued, stashed] of kept) {
    const { engine, remuxer, given } = engineWith([...queued], stashed);
    assert.equal(releasePictures(engine, ['_a', '_b']), queued.length + (stashed === null ? 0 : 1));
    assert.deepEqual(given, stashed === null ? queued : [stashed, ...queued]);
    assert.equal(remuxer._videoStashedLastSample, null);
    assert.equal(remuxer._videoNextDts, undefined);
  }
});

test('nothing is done while nothing is kept back, or where the engine looks otherwise', () => {
  const { engine, given } = engineWith([], null);
  releasePictures(engine, ['_a', '_b']);
  releasePictures(engine, ['_elsewhere']);
  releasePictures(null, ['_a']);
  assert.deepEqual(given, []);
});
