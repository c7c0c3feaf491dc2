import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { avcClip, classicVideo, unitsOf } from '../../shared/testing/clips.ts';
import { aacBodies, aacHeader, avcFrames, avcHeader } from '../../shared/testing/packets.ts';
import { Air, gotten, type Message, pictures, rolesGotten, sounds, together } from '../test/air.ts';

// Streams in which key frames are rare or never come: who joins sees something all the same (P11, I4).

const refresh = avcClip('avc-intra-refresh.flv');
const refreshHeader = classicVideo(0x17, 0, refresh.record);
/** As FFmpeg marks them: recovery points are key frames. */
const refreshFrames = refresh.pictures.map((data, i) => classicVideo(i % 10 === 0 ? 0x17 : 0x27, 1, data));
const deltas = avcFrames.slice(1, 10);

/** The bodies over and over, 40 ms apart, and sound with them. */
function going(bodies: readonly Uint8Array[], fromMs: number, toMs: number): Message[] {
  const count = Math.floor((toMs - fromMs) / 40);
  const video = pictures(
    Array.from({ length: count }, (_, i) => bodies[i % bodies.length]!),
    fromMs,
  );
  const audio = Array.from(
    { length: Math.floor((toMs - fromMs) / 200) },
    (_, i): Message => [...(['audio', fromMs + 200 * i] as const), aacBodies[1]!],
  );
  return together(video, audio);
}

const opening: readonly Message[] = [['audio', 0, aacHeader], ...sounds(aacBodies.slice(0, 2))];

/** A grey picture, then what came: the set and the slice of it are no bytes of the encoder. */
function assertBeginsGrey(bodies: readonly string[], header: Uint8Array): void {
  assert.equal(bodies[0], toHex(header));
  const [set, slice] = unitsOf(fromHex(bodies[1]!).subarray(5));
  assert.deepEqual([bodies[1]!.slice(0, 4), set![0], slice![0]], ['1701', 0x68, 0x65]);
}

describe('Two key frames, then none', () => {
  const air = new Air().send(
    ...opening,
    ['video', 0, avcHeader],
    ...going([avcFrames[0]!, ...deltas], 0, 800),
  );
  const first = air.watch();
  air.send(...going(deltas, 800, 24_000));

  it('goes on for who watched, without an end', () => {
    assert.equal(first.ended, undefined);
    assert.ok(gotten(first, 'video').length > 590);
    assert.equal(rolesGotten(first, 'video').slice(1).match(/k/g)?.length, 1, 'no grey picture in between');
  });

  it('begins grey for who joins after 24 s', () => {
    const late = air.watch();
    air.send(['video', 24_000, deltas[0]!]);
    assert.deepEqual([late.flv.video, late.flv.audio], [true, true]);
    assertBeginsGrey(gotten(late, 'video'), avcHeader);
    assert.match(rolesGotten(late, 'video'), /^cki+$/);
    const times = late.flv.tags.filter(({ kind }) => kind === 'video').map(({ timestampMs }) => timestampMs);
    times.reduce((before, time) => {
      assert.ok(time >= before, 'time goes on');
      return time;
    }, 0);
  });

  it('is told to the operator', () => {
    assert.ok(air.warnings.includes('keyframes-far-apart'));
  });

  it('begins with the key frame again once one comes', () => {
    air.send(...going([avcFrames[10]!, ...deltas], 24_040, 24_400));
    const last = air.watch();
    assert.equal(gotten(last, 'video')[1], toHex(avcFrames[10]!));
  });
});

describe('Intra refresh', () => {
  const air = new Air().send(...opening, ['video', 0, refreshHeader]);
  air.send(
    ...going(refreshFrames, 0, 800),
    ...going([...refreshFrames.slice(10), ...refreshFrames.slice(10)], 800, 24_000),
  );

  it('begins grey, at a recovery point, for who joins later', () => {
    const late = air.watch();
    air.send(['video', 24_000, refreshFrames[11]!]);
    const got = gotten(late, 'video');
    assertBeginsGrey(got, refreshHeader);
    // Recovery points are no key frames for players, so they are not marked as such.
    assert.equal(got[2], toHex(Uint8Array.of(0x27, ...refreshFrames[10]!.subarray(1))));
    assert.match(rolesGotten(late, 'video'), /^cki+$/);
  });

  it('is called what it is', () => {
    assert.ok(air.warnings.includes('intra-refresh'));
  });

  it('is not said of a stream whose key frames come, nor of open groups', () => {
    const both = new Air().send(...opening, ['video', 0, refreshHeader]);
    both.send(...going(refreshFrames, 0, 3_000));
    assert.ok(!both.warnings.includes('intra-refresh'));
    const open = avcClip('avc-open-gop-slices.flv');
    const frames = open.pictures.map((data) => classicVideo(0x27, 1, data));
    const groups = new Air().send(...opening, ['video', 0, classicVideo(0x17, 0, open.record)]);
    groups.send(...going(frames, 0, 800), ...going(frames.slice(8), 800, 3_000));
    assert.ok(!groups.warnings.includes('intra-refresh'));
    assert.ok(groups.warnings.includes('open-groups'));
  });
});

it('Key frames that are all marked as others start who watches at once', () => {
  const air = new Air();
  const sink = air.watch();
  const inter = avcFrames.map((frame) => Uint8Array.of(0x27, ...frame.subarray(1)));
  air.send(
    ...together(
      [
        ['audio', 0, aacHeader],
        ['audio', 0, aacBodies[1]!],
      ],
      [['video', 0, avcHeader]],
      pictures(inter.slice(0, 2)),
    ),
  );
  assert.equal(rolesGotten(sink, 'video'), 'cki');
  assert.deepEqual(air.warnings, ['keyframe-flags-wrong']);
});

describe('Pictures without any key frame, with sound', () => {
  it('begin grey with their sound for who waits, within ten seconds, and are told of after two', () => {
    const air = new Air().send(...opening, ['video', 0, avcHeader], ...going(deltas, 0, 2_400));
    assert.deepEqual(air.warnings, ['no-keyframe']);
    const waiting = air.watch();
    air.send(...going(deltas, 2_400, 8_000));
    assert.equal(waiting.ended, undefined);
    assertBeginsGrey(gotten(waiting, 'video'), avcHeader);
    assert.ok(gotten(waiting, 'audio').length > 10);
  });
});
