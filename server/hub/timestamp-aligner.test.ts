import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TimestampAligner } from './timestamp-aligner.ts';

const video = (aligner: TimestampAligner, ...stamps: number[]) =>
  stamps.map((at) => aligner.align('video', at));
const audio = (aligner: TimestampAligner, ...stamps: number[]) =>
  stamps.map((at) => aligner.align('audio', at));

describe('TimestampAligner', () => {
  it('starts a stream at 0 wherever its publisher starts', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(video(aligner, 16_999_943, 16_999_983, 17_000_023), [0, 40, 80]);
  });

  it('keeps the distance between audio and video', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(video(aligner, 1000), [0]);
    assert.deepEqual(audio(aligner, 1010, 1033), [10, 33]);
    assert.deepEqual(video(aligner, 1040), [40]);
  });

  it('puts a track that begins before the first one at 0, not before it', () => {
    const aligner = new TimestampAligner();
    video(aligner, 1000);
    assert.deepEqual(audio(aligner, 980, 1003), [0, 3]);
  });

  it('runs on over the wrap at 2^32', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(video(aligner, 4_294_967_256, 0, 40), [0, 40, 80]);
  });

  it('runs on where FFmpeg starts again from 0 at 2^31', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(
      video(aligner, 2_147_483_567, 2_147_483_607, 2_147_483_647, 0, 40),
      [0, 40, 80, 120, 160],
    );
    assert.equal(aligner.jumps, 1);
  });

  it('closes the hole of a jump forward and of a jump back', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(video(aligner, 0, 40, 3_600_000, 3_600_040, 0, 40), [0, 40, 80, 120, 160, 200]);
    assert.equal(aligner.jumps, 2);
  });

  it('takes both tracks over one jump together, whichever comes first', () => {
    const aligner = new TimestampAligner();
    video(aligner, 9_960);
    audio(aligner, 9_970);
    assert.deepEqual(video(aligner, 0), [43], 'video loops: one frame after the newest time');
    assert.deepEqual(audio(aligner, 9_993), [33], 'audio has not looped yet');
    assert.deepEqual(audio(aligner, 4), [47], 'audio loops: 4 ms after the video frame stamped 0');
    assert.equal(aligner.jumps, 1);
  });

  it('takes sound that returns after a long silence for what it is, not for a jump', () => {
    const aligner = new TimestampAligner();
    audio(aligner, 0, 23);
    for (let at = 0; at <= 60_000; at += 40) video(aligner, at);
    assert.deepEqual(audio(aligner, 60_010), [60_010]);
    assert.equal(aligner.jumps, 0);
  });

  it('never goes back when an encoder steps back a little', () => {
    const aligner = new TimestampAligner();
    assert.deepEqual(video(aligner, 0, 80, 40, 120), [0, 80, 80, 120]);
  });

  it('continues the timeline for a new publisher, without a hole', () => {
    const aligner = new TimestampAligner();
    video(aligner, 500, 540);
    audio(aligner, 545);
    aligner.restart();
    assert.deepEqual(audio(aligner, 0), [68], 'one audio frame after the newest time');
    assert.deepEqual(video(aligner, 10, 50), [78, 118]);
  });

  it('places data on the clock of the media around it', () => {
    const aligner = new TimestampAligner();
    assert.equal(aligner.alignData(777), 0, 'before any media');
    video(aligner, 1000, 1040);
    assert.equal(aligner.alignData(1020), 20);
    assert.equal(aligner.alignData(0), 40, 'a stamp that means nothing gets the time of now');
  });

  it('gives each track times that never go back, whatever the publisher sends', () => {
    const stamp = fc.oneof(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0),
    );
    const messages = fc.array(fc.tuple(fc.constantFrom('audio' as const, 'video' as const), stamp), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(messages, (sent) => {
        const aligner = new TimestampAligner();
        const last = { audio: 0, video: 0 };
        for (const [kind, at] of sent) {
          const out = aligner.align(kind, at);
          assert.ok(out >= last[kind] && Number.isSafeInteger(out));
          assert.ok(out - Math.max(last.audio, last.video) <= 10_000, 'and never a hole of more than 10 s');
          last[kind] = out;
        }
      }),
    );
  });
});

describe('A track beyond the default one', () => {
  it('lies on the clock of its kind, does not move it, and never goes back', () => {
    const aligner = new TimestampAligner();
    aligner.align('audio', 5_000);
    assert.equal(aligner.alignBeside('audio', 1, 5_010), 10);
    assert.equal(aligner.alignBeside('audio', 1, 5_005), 10);
    assert.equal(aligner.alignBeside('audio', 2, 5_005), 5);
    assert.equal(aligner.align('audio', 5_007), 7);
    assert.equal(aligner.alignBeside('video', 1, 5_020), 20);
  });

  it('is now where its timestamp says nothing', () => {
    const aligner = new TimestampAligner();
    assert.equal(aligner.alignBeside('audio', 1, 77_000), 0);
    aligner.align('audio', 5_000);
    aligner.align('audio', 5_023);
    assert.equal(aligner.alignBeside('audio', 1, 900_000), 23);
  });
});
