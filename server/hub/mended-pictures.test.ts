import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import {
  avcClip,
  avcSetsOf,
  classicVideo,
  hevcSetsOf,
  lengthed,
  startCoded,
  unitsOf,
} from '../../shared/testing/clips.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import {
  aacBodies,
  aacHeader,
  avc,
  avcFrames,
  avcHeader,
  avcSets,
  hevc,
  hevcAsAvc,
  hevcFrames,
  hevcHeader,
  hevcSets,
  inBand,
  startCodes,
} from '../../shared/testing/packets.ts';
import { Air, gotten, type Message, pictures, rolesGotten, sounds, together } from '../test/air.ts';

// What encoders send that is not as it should be: what a viewer gets of it, what the API says, which warnings stand.

const hexes = (bodies: readonly Uint8Array[]): string[] => bodies.map((body) => toHex(body));
const soundTrack: readonly Message[] = [['audio', 0, aacHeader], ...sounds(aacBodies)];
const GROUPS = 'kiiiiiiiiikiiiiiiiii';
const avcInBand = inBand(avcFrames, avcSets);

/** Everything that is sent, with sound beside it and a viewer from the start. */
function relay(...video: readonly Message[]) {
  const air = new Air();
  const sink = air.watch();
  air.send(...together(video, soundTrack));
  return { air, sink };
}

describe('Pictures as they should come', () => {
  it('are relayed byte for byte, and nothing is said', () => {
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcFrames]));
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
    assert.deepEqual(air.warnings, []);
  });

  it('are relayed with lengths of one, two and four bytes', () => {
    for (const size of [1, 2, 4]) {
      const header = avcHeader.slice();
      header[9] = 0xfc | (size - 1);
      const short = avc.pictures.map((picture) => unitsOf(picture).filter(({ length }) => length < 256));
      const frames = [
        classicVideo(0x17, 1, lengthed([fromHex('65888040')], size)),
        ...short
          .slice(1)
          .flatMap((units) => (units.length > 0 ? [classicVideo(0x27, 1, lengthed(units, size))] : [])),
      ];
      const { air, sink } = relay(['video', 0, header], ...pictures(frames));
      assert.deepEqual(gotten(sink, 'video'), hexes([header, ...frames]));
      assert.deepEqual(air.warnings, []);
    }
  });
});

describe('Pictures whose header does not come, or is of no use', () => {
  const bad = (hex: string): Message => ['video', 0, classicVideo(0x17, 0, fromHex(hex))];
  const inStartCodes: Message = ['video', 0, classicVideo(0x17, 0, startCoded(avcSets))];
  for (const [what, first, warnings] of [
    ['not at all', [], ['video-header-in-band']],
    ['empty', [bad('')], ['video-header-in-band']],
    ['cut short', [['video', 0, avcHeader.subarray(0, 24)]], ['video-header-in-band']],
    ['as nonsense', [bad('ffffffff')], ['video-header-in-band']],
    ['without sets, as DJI sends it', [bad('0164000affe000')], ['video-header-in-band']],
    ['between start codes', [inStartCodes], ['video-start-codes']],
    [
      'with its sets in a packet of their own',
      [['video', 0, classicVideo(0x17, 1, lengthed(avcSets))]],
      ['video-header-in-band'],
    ],
  ] as const satisfies readonly (readonly [string, readonly Message[], readonly string[]])[]) {
    it(`play from the sets in band: ${what}`, () => {
      const { air, sink } = relay(...first, ...pictures(avcInBand));
      assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcInBand]));
      assert.equal(rolesGotten(sink, 'video'), `c${GROUPS}`);
      assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
      assert.deepEqual(air.warnings, warnings);
      assert.equal(sink.ended, undefined);
    });
  }

  it('are missing where nothing tells: sound alone, and the fault by its name, until a header comes', () => {
    const { air, sink } = relay(...pictures(avcFrames));
    air.send(
      ...sounds(aacBodies, 800),
      ...sounds(aacBodies, 1_200),
      ...pictures(avcFrames.slice(1, 3), 1_600),
    );
    assert.deepEqual(gotten(sink, 'video'), []);
    assert.ok(gotten(sink, 'audio').length > 10);
    assert.deepEqual(sink.flv, { ...sink.flv, audio: true, video: false });
    assert.deepEqual(air.described, ['aac 44100']);
    assert.deepEqual(air.warnings, ['video-header-missing']);
    air.send(['video', 2_000, avcHeader], ...pictures(avcFrames, 2_000), ['audio', 2_760, aacBodies[1]!]);
    assert.deepEqual(air.warnings, [], 'what is over is not told any more');
    // What newcomers are told of has to stay for a while.
    air.send(
      ...[2_800, 3_600].flatMap((fromMs) => together(pictures(avcFrames, fromMs), sounds(aacBodies, fromMs))),
    );
    const later = air.watch();
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
    assert.equal(rolesGotten(later, 'video').slice(0, 2), 'ck');
  });

  for (const [hex, flaw] of [
    ['', 'video-header-empty'],
    ['ffffffff', 'video-header-broken'],
  ] as const) {
    it(`are missing where nothing tells: ${flaw}`, () => {
      const { air, sink } = relay(bad(hex), ...pictures(avcFrames));
      air.send(...sounds(aacBodies, 1_200));
      assert.deepEqual(gotten(sink, 'video'), []);
      assert.deepEqual(air.warnings, [flaw]);
    });
  }

  it('are told of for fifteen seconds after the last one', () => {
    const { air } = relay(...pictures(avcFrames));
    air.pause(14_000);
    assert.ok(air.warnings.includes('video-header-missing'));
    air.pause(2_000);
    assert.ok(!air.warnings.includes('video-header-missing'));
  });

  it('play as H.265 in the form of Enhanced RTMP, too', () => {
    const frames = inBand(hevcFrames, hevcSets, 8);
    const { air, sink } = relay(...pictures(frames));
    const [header, ...rest] = gotten(sink, 'video');
    assert.deepEqual(hevcSetsOf(fromHex(header!).subarray(5)), hevcSets);
    assert.deepEqual(rest, hexes(frames));
    assert.deepEqual(air.described, ['hevc 64x64', 'aac 44100']);
    assert.deepEqual(air.warnings, ['video-header-in-band', 'codec-not-everywhere']);
  });
});

describe('Headers that come again', () => {
  const other = avcSetsOf(avcClip('avc-intra-refresh.flv').record);
  const otherSets = [other.sps, other.pps];

  it('are left out where they only repeat, every ten seconds (DJI, GStreamer)', () => {
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    air.send(['video', 10_000, avcHeader], ...pictures(avcFrames, 10_000));
    assert.equal(rolesGotten(sink, 'video'), `c${GROUPS}${GROUPS}`);
  });

  it('take nothing from sets that came in band since', () => {
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    const changed = inBand(avcFrames.slice(0, 10), otherSets);
    air.send(...pictures(changed, 1_000), ['video', 1_400, avcHeader], ...pictures(changed, 1_400));
    assert.equal(rolesGotten(sink, 'video'), `c${GROUPS}c${GROUPS}`);
    const late = gotten(air.watch(), 'video');
    assert.ok(late[0]!.includes(toHex(other.sps)), 'who joins gets the newer sets');
  });

  it('give the new size where that comes in band alone', () => {
    // 1280x720, out of the record of another encoder.
    const sps = fromHex('6764001facd9405005bb011000000300100000030320f183196001'.slice(0, 50));
    const large = inBand(avcFrames, [sps, avcSets[1]!]);
    const { air } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    air.send(...pictures(large, 1_000));
    assert.deepEqual(air.described, ['avc 1280x720', 'aac 44100']);
    assert.deepEqual(air.warnings, []);
  });

  it('are those of the default track, also beside packets of several tracks', () => {
    const several = (packetType: number, data: string, frameType = 1): Uint8Array =>
      enhancedBody({
        ...{ kind: 'video', packetType, frameType, fourCc: 'avc1' },
        tracks: [
          { id: 0, data },
          { id: 1, data },
        ],
      });
    const record = toHex(avc.record);
    const { air } = relay(
      ['video', 0, several(0, record)],
      ['video', 0, several(1, `000000${toHex(avc.pictures[0]!)}`)],
      ...pictures(avcFrames).slice(1),
    );
    const snapshot = air.world.hub.stream('live/a');
    assert.deepEqual(
      snapshot?.tracks.map(({ kind, id, info }) => `${kind} ${id} ${info.codec}`),
      ['video 0 avc', 'audio 0 aac', 'video 1 avc'],
    );
    assert.deepEqual(air.warnings, []);
  });
});

describe('Pictures in start codes', () => {
  it('are rewritten, with a proper header and without', () => {
    const coded = avcFrames.map((frame) => startCodes(frame));
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(coded));
    assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcFrames]));
    assert.deepEqual(air.warnings, ['video-start-codes']);
    const without = avcFrames.map((frame, i) => startCodes(frame, i % 10 === 0 ? avcSets : []));
    const again = relay(...pictures(without));
    assert.deepEqual(gotten(again.sink, 'video'), hexes([avcHeader, ...avcInBand]));
    assert.deepEqual(again.air.warnings, ['video-start-codes', 'video-header-in-band']);
  });
});

describe("Pictures under another codec's name", () => {
  it('H.265 behind id 7 plays as H.265: with a header and with sets in band', () => {
    for (const messages of [
      [['video', 0, classicVideo(0x17, 0, hevc.record)], ...pictures(hevcAsAvc)],
      pictures(inBand(hevcAsAvc, hevcSets)),
    ] as const satisfies readonly (readonly Message[])[]) {
      const { air, sink } = relay(...messages);
      const [header, ...frames] = gotten(sink, 'video');
      assert.deepEqual(hevcSetsOf(fromHex(header!).subarray(5)), hevcSets);
      assert.deepEqual(frames.slice(1, 10), hexes(hevcFrames.slice(1, 10)));
      assert.equal(frames.length, 20);
      assert.deepEqual(air.described, ['hevc 64x64', 'aac 44100']);
      assert.ok(air.warnings.includes('video-codec-mislabelled'));
    }
  });

  it('H.264 behind id 12 and behind hvc1 plays as H.264', () => {
    const behind12 = (body: Uint8Array): Uint8Array =>
      Uint8Array.of((body[0]! & 0xf0) | 12, ...body.subarray(1));
    const hvc1 = (body: Uint8Array): Uint8Array =>
      concatBytes([
        Uint8Array.of(0x80 | (body[0]! & 0x70) | body[1]!),
        fromHex('68766331'),
        body.subarray(body[1] === 0 ? 5 : 2),
      ]);
    for (const form of [behind12, hvc1]) {
      const { air, sink } = relay(['video', 0, form(avcHeader)], ...pictures(avcFrames.map(form)));
      assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcFrames]));
      assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
      assert.deepEqual(air.warnings, ['video-codec-mislabelled']);
    }
  });
});

describe('Codecs that change within one publish', () => {
  it('H.264 to H.265 and back: who watched opens again, who joins gets what is sent now', () => {
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    air.send(['video', 1_000, hevcHeader], ...pictures(hevcFrames.slice(0, 10), 1_000));
    assert.equal(sink.ended, 'tracks-changed');
    assert.deepEqual(air.described, ['hevc 64x64', 'aac 44100']);
    const second = air.watch();
    assert.deepEqual(gotten(second, 'video'), hexes([hevcHeader, ...hevcFrames.slice(0, 10)]));
    air.send(...pictures(avcFrames.slice(0, 10), 1_500));
    assert.equal(second.ended, 'tracks-changed');
    assert.deepEqual(gotten(air.watch(), 'video'), hexes([avcHeader, ...avcFrames.slice(0, 10)]));
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
  });

  it('one stray packet of another codec ends nobody, and is nobody else’s picture', () => {
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures(avcFrames));
    air.send(['video', 1_000, hevcFrames[1]!], ...pictures(avcFrames.slice(0, 10), 1_040));
    assert.equal(sink.ended, undefined);
    assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcFrames, ...avcFrames.slice(0, 10)]));
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
  });
});

describe('Marks of key frames', () => {
  it('are put right for viewers: all inter, all key', () => {
    for (const mark of [0x27, 0x17]) {
      const wrong = avcFrames.map((frame) => Uint8Array.of(mark, ...frame.subarray(1)));
      const { air, sink } = relay(['video', 0, avcHeader], ...pictures(wrong));
      assert.deepEqual(gotten(sink, 'video'), hexes([avcHeader, ...avcFrames]));
      assert.deepEqual(air.warnings, ['keyframe-flags-wrong']);
      assert.equal(air.world.hub.stream('live/a')?.keyframeIntervalMs, 400);
      const late = air.watch();
      assert.equal(rolesGotten(late, 'video'), 'ckiiiiiiiii', 'who joins starts at the key frame');
    }
  });

  it('of recovery points are taken away, because browsers do not start there', () => {
    const clip = avcClip('avc-intra-refresh.flv');
    const frames = clip.pictures.map((data, i) => classicVideo(i % 10 === 0 ? 0x17 : 0x27, 1, data));
    const { air, sink } = relay(['video', 0, classicVideo(0x17, 0, clip.record)], ...pictures(frames));
    assert.equal(rolesGotten(sink, 'video'), 'ckiiiiiiiiiiiiiiiiiii');
    assert.equal(air.world.hub.stream('live/a')?.keyframeIntervalMs, null);
    assert.deepEqual(air.warnings, []);
  });
});

describe('Pictures that nobody knows', () => {
  it('behind an unknown id are told; viewers get the sound alone', () => {
    const unknown = avcFrames.map((frame) => Uint8Array.of((frame[0]! & 0xf0) | 9, ...frame.subarray(1)));
    const { air, sink } = relay(...pictures(unknown));
    air.send(...together(sounds(aacBodies, 1_200), pictures(unknown, 1_200)));
    assert.deepEqual(sink.flv, { ...sink.flv, audio: true, video: false });
    assert.deepEqual(air.described, ['aac 44100']);
    assert.deepEqual(air.warnings, ['video-unknown']);
  });

  it('with lengths that do not fit are passed on and told', () => {
    const broken = classicVideo(0x27, 1, fromHex('7fffffff 41'));
    const { air, sink } = relay(['video', 0, avcHeader], ...pictures([...avcFrames, broken]));
    assert.equal(gotten(sink, 'video').at(-1), toHex(broken));
    assert.deepEqual(air.warnings, ['video-lengths-broken']);
  });
});
