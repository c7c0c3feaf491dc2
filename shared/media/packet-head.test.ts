import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { detached } from '../testing/detached.ts';
import { enhancedBody } from '../testing/enhanced-body.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { newPacketHead, type PacketHead, readAudioHead, readVideoHead } from './packet-head.ts';

type Kind = 'audio' | 'video';

function headOf(kind: Kind, body: Uint8Array): PacketHead {
  const head = newPacketHead();
  (kind === 'video' ? readVideoHead : readAudioHead)(detached(body), head);
  return head;
}

/** `codec content frame-type track data`, and which form it has. */
function brief(kind: Kind, body: Uint8Array): string {
  const { codec, content, frameType, trackId, start, end, enhanced, wrapped } = headOf(kind, body);
  const form = `${enhanced ? 'e' : ''}${wrapped ? 'w' : ''}`;
  return [codec, content, frameType, trackId, toHex(body.subarray(start, end)), form].join(' ').trim();
}

const video = (options: Partial<Parameters<typeof enhancedBody>[0]>): Uint8Array =>
  enhancedBody({ kind: 'video', packetType: 1, ...options });
const audio = (options: Partial<Parameters<typeof enhancedBody>[0]>): Uint8Array =>
  enhancedBody({ kind: 'audio', packetType: 1, ...options });

describe('The head of a video body', () => {
  for (const [what, body, expected] of [
    ['H.264 header', fromHex('17 00 000000 0164'), 'avc config 1 0 0164'],
    ['H.264 header that is empty', fromHex('17 00 000000'), 'avc config 1 0'],
    ['H.264 header that is cut short', fromHex('17 00'), 'avc config 1 0'],
    ['H.264 key frame', fromHex('17 01 000050 6588'), 'avc frame 1 0 6588'],
    ['H.264 picture that nothing refers to', fromHex('37 01 000050 01'), 'avc frame 3 0 01'],
    ['H.264 frame without anything', fromHex('27 01 000000'), 'avc other 2 0'],
    ['H.264 end', fromHex('17 02 000000'), 'avc other 1 0'],
    ['H.265 behind id 12', fromHex('1c 01 000000 26'), 'hevc frame 1 0 26'],
    ['AV1 behind id 13', fromHex('1d 00 000000 81'), 'av1 config 1 0 81'],
    ['Sorenson', fromHex('22 0000'), 'sorenson-h263 frame 2 0 0000'],
    ['VP6', fromHex('14 00'), 'vp6 frame 1 0 00'],
    ['an id that nobody knows', fromHex('19 00'), 'frame 1 0 00'],
    ['a command', fromHex('57 01 000000 00'), 'avc other 5 0 00'],
    ['HEVC header', video({ packetType: 0, fourCc: 'hvc1', data: '01' }), 'hevc config 1 0 01 e'],
    ['HEVC frame', video({ fourCc: 'hvc1', frameType: 2, data: '00005026' }), 'hevc frame 2 0 26 e'],
    [
      'HEVC frame without a time',
      video({ packetType: 3, fourCc: 'hvc1', data: '26' }),
      'hevc frame 1 0 26 e',
    ],
    ['AV1 frame, which never has a time', video({ fourCc: 'av01', data: '1200' }), 'av1 frame 1 0 1200 e'],
    ['AV1 header of MPEG-2 TS', video({ packetType: 5, fourCc: 'av01', data: '80' }), 'av1 config 1 0 80 e'],
    ['colour', video({ packetType: 4, fourCc: 'hvc1', data: '0203' }), 'hevc side 1 0 0203 e'],
    ['end', video({ packetType: 2, fourCc: 'hvc1' }), 'hevc other 1 0  e'],
    ['command', video({ frameType: 5, fourCc: 'hvc1', data: '00000000' }), 'hevc other 5 0 00000000 e'],
    ['another codec', video({ fourCc: 'xyz ', data: '00' }), 'xyz frame 1 0 00 e'],
    ['ModEx', video({ fourCc: 'hvc1', data: '00005026', nanos: 7 }), 'hevc frame 1 0 26 ew'],
    ['one track', video({ fourCc: 'hvc1', data: '00005026', track: 3 }), 'hevc frame 1 3 26 ew'],
    [
      'several tracks, of which it tells the default one',
      video({
        fourCc: 'hvc1',
        tracks: [
          { id: 1, data: '00000001' },
          { id: 0, data: '00005026' },
        ],
      }),
      'hevc frame 1 0 26 ew',
    ],
    [
      'several codecs',
      video({
        tracks: [
          { id: 0, fourCc: 'av01', data: '1200' },
          { id: 1, fourCc: 'hvc1', data: '00000001' },
        ],
      }),
      'av1 frame 1 0 1200 ew',
    ],
  ] as const) {
    it(`${what}`, () => assert.equal(brief('video', body), expected.trim()));
  }
});

describe('The head of an audio body', () => {
  for (const [what, body, expected] of [
    ['AAC header', fromHex('af00 1210'), 'aac config 0 0 1210'],
    ['AAC header that is empty', fromHex('af00'), 'aac config 0 0'],
    ['AAC frame', fromHex('af01 2110'), 'aac frame 0 0 2110'],
    ['silence', fromHex('af01'), 'aac other 0 0'],
    ['AAC packet of another type', fromHex('af02 21'), 'aac other 0 0 21'],
    ['MP3', fromHex('2f fffb'), 'mp3 frame 0 0 fffb'],
    ['MP3 at 8 kHz', fromHex('ee fffb'), 'mp3 frame 0 0 fffb'],
    ['Speex', fromHex('b6 00'), 'speex frame 0 0 00'],
    ['G.711', fromHex('72 00'), 'g711-a frame 0 0 00'],
    ['PCM', fromHex('36 00'), 'pcm frame 0 0 00'],
    ['a format that nobody knows', fromHex('cf 00'), 'frame 0 0 00'],
    ['one byte', fromHex('2f'), 'mp3 other 0 0'],
    ['Opus header', audio({ packetType: 0, fourCc: 'Opus', data: '4f' }), 'opus config 0 0 4f e'],
    ['Opus header that is empty', audio({ packetType: 0, fourCc: 'Opus' }), 'opus config 0 0  e'],
    ['Opus frame', audio({ fourCc: 'Opus', data: 'fc' }), 'opus frame 0 0 fc e'],
    ['AAC by its FourCC', audio({ fourCc: 'mp4a', data: '21' }), 'aac frame 0 0 21 e'],
    ['loudspeakers', audio({ packetType: 4, fourCc: 'Opus', data: '01' }), 'opus side 0 0 01 e'],
    ['end', audio({ packetType: 2, fourCc: 'Opus' }), 'opus other 0 0  e'],
    ['one track', audio({ fourCc: 'fLaC', data: 'ff', track: 2 }), 'flac frame 0 2 ff ew'],
  ] as const) {
    it(`${what}`, () => assert.equal(brief('audio', body), expected.trim()));
  }
});

describe('Whatever comes', () => {
  const vectors = goldenVectors<{ kind: 'audio' | 'video' | 'data' }>('flv/bodies.json').filter(
    (vector): vector is typeof vector & { expected: { kind: Kind } } => vector.expected.kind !== 'data',
  );

  /** What is said of data is true of the body. */
  function assertInside(kind: Kind, body: Uint8Array): void {
    const { content, start, end, frameType, trackId } = headOf(kind, body);
    if (content !== 'other')
      assert.ok(start <= end && end <= body.length, `${start} to ${end} of ${body.length}`);
    if (content === 'frame') assert.ok(start < end, 'a frame is something');
    assert.ok(frameType <= 15 && trackId <= 255);
  }

  it('has its data inside, at every prefix of what encoders send', () => {
    for (const { bytes, expected } of vectors) {
      assertInside(expected.kind, bytes);
      everyPrefix(bytes.subarray(0, 64), (prefix) => assertInside(expected.kind, prefix));
    }
  });

  it('has its data inside, for any bytes', () => {
    const firsts = fc.constantFrom(
      0x17,
      0x27,
      0x1c,
      0x80,
      0x90,
      0x91,
      0x93,
      0x94,
      0x96,
      0x97,
      0xa6,
      0xd6,
      0xaf,
    );
    const body = fc
      .tuple(firsts, fc.uint8Array({ maxLength: 40 }))
      .map(([first, rest]) => Uint8Array.of(first, ...rest));
    fc.assert(
      fc.property(fc.constantFrom<Kind>('audio', 'video'), body, (kind, some) => assertInside(kind, some)),
      { numRuns: 2000 },
    );
  });

  it('is nothing of what came before: the same object is filled again', () => {
    const head = newPacketHead();
    readVideoHead(video({ fourCc: 'hvc1', data: '00005026', track: 3 }), head);
    readVideoHead(fromHex('17 01 000050 6588'), head);
    assert.deepEqual(head, headOf('video', fromHex('17 01 000050 6588')));
    readAudioHead(fromHex('af01 21'), head);
    assert.deepEqual(head, headOf('audio', fromHex('af01 21')));
    readVideoHead(new Uint8Array(), head);
    assert.equal(head.content, 'other');
  });
});
