import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TimestampAligner } from './timestamp-aligner.ts';

type Kind = 'audio' | 'video';

/** Aligns timestamps of frames that arrive when they are made. */
function inTime(
  aligner: TimestampAligner,
  kind: Kind,
  stamps: readonly number[],
  fromMs: number,
  stepMs = 40,
) {
  return stamps.map((at, index) => aligner.align(kind, at, fromMs + index * stepMs));
}

describe('TimestampAligner', () => {
  it('starts a stream at 0 wherever its publisher starts', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(inTime(aligner, 'video', [16_999_943, 16_999_983, 17_000_023], 0), [0, 40, 80]);
  });

  it('keeps the distance between audio and video', () => {
    const aligner = new TimestampAligner();
    assert.equal(aligner.align('video', 1_000, 0), 0);
    assert.equal(aligner.align('audio', 1_010, 0), 10);
    assert.equal(aligner.align('audio', 1_033, 20), 33);
    assert.equal(aligner.align('video', 1_040, 40), 40);
  });

  it('puts a track that begins before the first one at 0, not before it', () => {
    const aligner = new TimestampAligner();
    aligner.align('video', 1_000, 0);
    assert.equal(aligner.align('audio', 980, 0), 0);
    assert.equal(aligner.align('audio', 1_003, 3), 3);
  });

  it('runs on over the wrap at 2^32', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(inTime(aligner, 'video', [4_294_967_256, 0, 40], 0), [0, 40, 80]);
  });

  it('runs on where FFmpeg starts again from 0 at 2^31, and finds no fault with it', () => {
    const aligner = new TimestampAligner();
    const stamps = [2_147_483_567, 2_147_483_607, 2_147_483_647, 0, 40];
    assert.deepEqual(inTime(aligner, 'video', stamps, 0), [0, 40, 80, 120, 160]);
    assert.equal(aligner.state(160).video, undefined);
  });

  it('closes the hole of a jump forward and of a jump back', () => {
    const aligner = new TimestampAligner();
    const stamps = [0, 40, 3_600_000, 3_600_040, 0, 40];
    assert.deepEqual(inTime(aligner, 'video', stamps, 0), [0, 40, 80, 120, 160, 200]);
    assert.equal(aligner.state(240).video?.kind, 'restarts');
  });

  it('takes both tracks over one break together, whichever comes first', () => {
    const aligner = new TimestampAligner();
    aligner.align('video', 9_960, 9_960);
    aligner.align('audio', 9_970, 9_970);
    assert.equal(aligner.align('audio', 9_993, 9_993), 33, 'the sound has not looped yet');
    assert.equal(
      aligner.align('video', 0, 10_000),
      34,
      'the picture loops: about one frame after the one before',
    );
    assert.equal(
      aligner.align('audio', 16, 10_016),
      50,
      'the sound loops: 16 ms after the picture stamped 0',
    );
  });

  it('takes sound that returns after a long silence for what it is', () => {
    const aligner = new TimestampAligner();
    inTime(aligner, 'audio', [0, 23], 0, 23);
    for (let at = 0; at <= 60_000; at += 40) aligner.align('video', at, at);
    assert.equal(aligner.align('audio', 60_010, 60_010), 60_010);
    assert.equal(aligner.state(60_010).audio, undefined);
  });

  it('keeps a pause of the whole stream, however long, when it took as long to arrive', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(inTime(aligner, 'video', [0, 15_000, 30_000], 0, 15_000), [0, 15_000, 30_000]);
  });

  it('never goes back when an encoder stamps pictures with the time of display', () => {
    const aligner = new TimestampAligner();
    const stamps = Array.from({ length: 100 }, (_, i) => [0, 120, 40, 80][i % 4]! + Math.floor(i / 4) * 160);
    assert.deepEqual(inTime(aligner, 'video', stamps, 0).slice(0, 6), [0, 120, 120, 120, 160, 280]);
    assert.equal(aligner.state(4_000).video, undefined);
  });

  it('continues the timeline for a new publisher, without a hole', () => {
    const aligner = new TimestampAligner();
    inTime(aligner, 'video', [500, 540], 0);
    aligner.align('audio', 545, 45);
    aligner.restart({ trusted: false });
    assert.equal(aligner.align('audio', 0, 9_000), 68, 'one audio frame after the newest time');
    assert.deepEqual(inTime(aligner, 'video', [10, 50], 9_010), [78, 118]);
  });

  it('takes the times of another process of ours as they are, however fast they come', () => {
    const aligner = new TimestampAligner();
    aligner.restart({ trusted: true });
    const stamps = Array.from({ length: 2_000 }, (_, index) => index * 40);
    assert.deepEqual(
      stamps.map((at) => aligner.align('video', at, 5)),
      stamps,
    );
    assert.equal(aligner.align('audio', 79_950, 5), 79_950);
    assert.deepEqual(aligner.state(5), { audio: undefined, video: undefined, lateMs: 0 });
  });

  it('places data on the clock of the media around it', () => {
    const aligner = new TimestampAligner();
    assert.equal(aligner.alignData(777), 0, 'before any media');
    inTime(aligner, 'video', [1_000, 1_040], 0);
    assert.equal(aligner.alignData(1_020), 20);
    assert.equal(aligner.alignData(0), 40, 'a stamp that means nothing gets the time of now');
  });

  it('gives each track times that never go back, whatever the publisher sends and whenever', () => {
    const stamp = fc.oneof(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0),
    );
    const message = fc.tuple(
      fc.constantFrom<Kind>('audio', 'video'),
      stamp,
      fc.integer({ min: 0, max: 500 }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 200 }), (sent) => {
        const aligner = new TimestampAligner();
        const last = { audio: 0, video: 0 };
        let nowMs = 0;
        for (const [kind, at, waitedMs] of sent) {
          nowMs += waitedMs;
          const out = aligner.align(kind, at, nowMs);
          assert.ok(out >= last[kind] && Number.isSafeInteger(out));
          assert.ok(Math.abs(out - nowMs) <= 35_000, `${out} at ${nowMs}`);
          last[kind] = out;
        }
      }),
    );
  });
});

describe('A track beyond the default one', () => {
  it('lies on the clock of its kind, does not move it, and never goes back', () => {
    const aligner = new TimestampAligner();
    aligner.align('audio', 5_000, 0);
    assert.equal(aligner.alignBeside('audio', 1, 5_010), 10);
    assert.equal(aligner.alignBeside('audio', 1, 5_005), 10);
    assert.equal(aligner.alignBeside('audio', 2, 5_005), 5);
    assert.equal(aligner.align('audio', 5_007, 7), 7);
    assert.equal(aligner.alignBeside('video', 1, 5_020), 20);
  });

  it('is now where its timestamp says nothing', () => {
    const aligner = new TimestampAligner();
    assert.equal(aligner.alignBeside('audio', 1, 77_000), 0);
    aligner.align('audio', 5_000, 0);
    aligner.align('audio', 5_023, 23);
    assert.equal(aligner.alignBeside('audio', 1, 900_000), 23);
  });
});
