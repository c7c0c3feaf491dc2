import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amfEcmaArray } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import {
  aacBodies,
  aacHeader,
  adtsBodies,
  avcFrames,
  avcHeader,
  mp3Body,
} from '../../shared/testing/packets.ts';
import { Air, gotten, type Message, pictures, sounds, together } from '../test/air.ts';

// Sound that is not as it should be: what a viewer gets of it, what the API says, which warnings stand.

const hexes = (bodies: readonly Uint8Array[]): string[] => bodies.map((body) => toHex(body));
const HEADER = toHex(aacHeader);
const pictureTrack: readonly Message[] = [['video', 0, avcHeader], ...pictures(avcFrames)];
/** A frame of FFmpeg's encoder that tells its channels; the first one has the encoder's name in front. */
const telling = fromHex('af01 2110 0500');

const metadata = (values: Readonly<Record<string, number>>): Message => [
  ...(['data', 0] as const),
  encodeAmf0(['@setDataFrame', 'onMetaData', amfEcmaArray(values)]),
];

/** Everything that is sent, with pictures beside it and a viewer from the start. */
function relay(...audio: readonly Message[]) {
  const air = new Air();
  const sink = air.watch();
  air.send(
    ...together(
      audio.filter(([kind]) => kind === 'data'),
      pictureTrack,
      audio.filter(([kind]) => kind === 'audio'),
    ),
  );
  return { air, sink };
}

describe('Sound as it should come', () => {
  it('is relayed byte for byte, and nothing is said', () => {
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(aacBodies));
    assert.deepEqual(gotten(sink, 'audio'), hexes([aacHeader, ...aacBodies]));
    assert.deepEqual(air.warnings, []);
  });
});

describe('ADTS', () => {
  it('without a header plays, and is told', () => {
    const { air, sink } = relay(...sounds(adtsBodies));
    assert.deepEqual(gotten(sink, 'audio'), [HEADER, ...hexes(aacBodies)]);
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
    assert.deepEqual(air.warnings, ['audio-header-in-band']);
    air.send(...sounds(aacBodies, 800)).pause(15_100);
    assert.ok(!air.warnings.includes('audio-header-in-band'), 'it is over some time after the last one');
  });

  it('with a header plays', () => {
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(adtsBodies));
    assert.deepEqual(gotten(sink, 'audio'), [HEADER, ...hexes(aacBodies)]);
    assert.deepEqual(air.warnings, []);
  });

  it('of several frames in one packet is given frame by frame, each at its time', () => {
    const packets = [0, 3, 6].map((at) =>
      concatBytes([fromHex('af01'), ...adtsBodies.slice(at, at + 3).map((body) => body.subarray(2))]),
    );
    const { sink } = relay(...packets.map((body, i): Message => ['audio', 70 * i, body]));
    assert.deepEqual(gotten(sink, 'audio'), [HEADER, ...hexes(aacBodies.slice(0, 9))]);
    const times = sink.flv.tags.filter(({ kind }) => kind === 'audio').map(({ timestampMs }) => timestampMs);
    assert.deepEqual(times.slice(1), [0, 23, 46, 70, 93, 116, 140, 163, 186]);
  });
});

describe('AAC whose header does not come, or is of no use', () => {
  const frames = Array.from({ length: 12 }, () => telling);

  it('is guessed from the metadata', () => {
    const { air, sink } = relay(
      metadata({ audiocodecid: 10, videocodecid: 7, audiosamplerate: 44_100 }),
      ...sounds(frames),
    );
    assert.deepEqual(gotten(sink, 'audio'), [HEADER, ...hexes(frames)]);
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
    assert.deepEqual(air.warnings, ['audio-header-guessed']);
  });

  for (const [what, messages, flaw] of [
    ['without metadata', [], 'audio-header-missing'],
    [
      'with metadata that does not tell',
      [metadata({ audiocodecid: 10, videocodecid: 7 })],
      'audio-header-missing',
    ],
    ['with an empty header', [['audio', 0, fromHex('af00')]], 'audio-header-broken'],
  ] as const satisfies readonly (readonly [string, readonly Message[], string])[]) {
    it(`leaves the picture alone, and is told: ${what}`, () => {
      const { air, sink } = relay(...messages, ...sounds(frames));
      air.send(...together(pictures(avcFrames, 800), sounds(frames, 800)));
      assert.deepEqual(gotten(sink, 'audio'), []);
      assert.deepEqual(sink.flv, { ...sink.flv, audio: false, video: true });
      assert.deepEqual(air.described, ['avc 64x64']);
      assert.deepEqual(air.warnings, [flaw]);
      air.send(['audio', 1_600, aacHeader], ...sounds(aacBodies, 1_600), ...pictures(avcFrames, 1_920));
      assert.deepEqual(air.warnings, [], 'once one comes, nothing is wrong');
      // What newcomers are told of has to stay for a while.
      air.send(
        ...[2_720, 3_520].flatMap((fromMs) =>
          together(pictures(avcFrames, fromMs), sounds(aacBodies, fromMs)),
        ),
      );
      assert.deepEqual(gotten(air.watch(), 'audio')[0], HEADER);
    });
  }
});

describe('Sound of another codec than before, or than it says', () => {
  const mp3 = Array.from({ length: 12 }, () => mp3Body);

  it('MP3 under the name of AAC plays as MP3', () => {
    const wrong = mp3.map((body) => concatBytes([fromHex('af01'), body.subarray(1)]));
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(wrong, 400));
    const late = air.watch();
    // The first two might be strays.
    assert.deepEqual(gotten(late, 'audio'), hexes(mp3.slice(2)), 'no header of AAC before it');
    assert.deepEqual(air.described, ['avc 64x64', 'mp3 44100']);
    assert.deepEqual(air.warnings, ['audio-codec-mislabelled']);
    assert.ok(sink.ended === undefined || sink.ended === 'tracks-changed');
  });

  it('AAC, MP3 and AAC again: each time who watched opens again, and what follows plays', () => {
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(aacBodies));
    air.send(...together(pictures(avcFrames.slice(0, 10), 1_000), sounds(mp3, 1_000)));
    assert.equal(sink.ended, 'tracks-changed');
    assert.deepEqual(air.described, ['avc 64x64', 'mp3 44100']);
    const second = air.watch();
    assert.deepEqual(gotten(second, 'audio'), hexes(mp3.slice(2)));
    assert.equal(gotten(second, 'video').length, 11);
    air.send(...together(pictures(avcFrames.slice(0, 10), 1_500), sounds(aacBodies.slice(0, 10), 1_500)));
    assert.equal(second.ended, 'tracks-changed');
    assert.deepEqual(gotten(air.watch(), 'audio'), hexes([aacHeader, ...aacBodies.slice(2, 10)]));
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
    assert.deepEqual(air.warnings, []);
  });

  it('a stray packet of another codec ends nobody, and is not passed on', () => {
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(aacBodies));
    air.send(['audio', 1_000, mp3Body], ['audio', 1_010, mp3Body]);
    air.send(...together(pictures(avcFrames.slice(0, 10), 1_040), sounds(aacBodies.slice(0, 10), 1_040)));
    assert.equal(sink.ended, undefined);
    assert.ok(!gotten(sink, 'audio').includes(hexes([mp3Body])[0] ?? ''));
    assert.deepEqual(air.described, ['avc 64x64', 'aac 44100']);
  });

  it('AAC to Opus', () => {
    const opus = (packetType: number, data: string) =>
      enhancedBody({ kind: 'audio', packetType, fourCc: 'Opus', data });
    const head = opus(0, '4f707573486561640102000080bb0000000000');
    const frames = Array.from({ length: 12 }, () => opus(1, 'fc0102'));
    const { air, sink } = relay(['audio', 0, aacHeader], ...sounds(aacBodies));
    air.send(
      ['audio', 1_000, head],
      ...together(pictures(avcFrames.slice(0, 10), 1_000), sounds(frames, 1_000)),
    );
    assert.equal(sink.ended, 'tracks-changed');
    assert.deepEqual(air.described, ['avc 64x64', 'opus 48000']);
    assert.deepEqual(gotten(air.watch(), 'audio'), hexes([head, ...frames]));
    assert.deepEqual(air.warnings, ['codec-not-everywhere']);
  });

  it('a format that nobody knows is told; viewers get the picture alone', () => {
    const unknown = Array.from({ length: 12 }, () => fromHex('cf0102'));
    const { air, sink } = relay(...sounds(unknown));
    air.send(...together(pictures(avcFrames, 800), sounds(unknown, 800)));
    assert.deepEqual(sink.flv, { ...sink.flv, audio: false, video: true });
    assert.deepEqual(air.warnings, ['audio-unknown']);
  });
});
