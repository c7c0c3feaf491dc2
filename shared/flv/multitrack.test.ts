import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { aroundBoundaries, someBytes } from '../testing/arbitraries.ts';
import { enhancedBody } from '../testing/enhanced-body.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { emptyExPacket, exAudioPacketType, exVideoPacketType, readExPacket } from './ex-packet.ts';
import { trackParts, unwrapTrack, withoutModEx } from './multitrack.ts';

const AUDIO = exAudioPacketType.multitrack;
const VIDEO = exVideoPacketType.multitrack;

const parts = (body: Uint8Array, type: number) =>
  trackParts(body, type).map(({ trackId, packetType, body }) => `${trackId} ${packetType} ${toHex(body)}`);

describe('trackParts', () => {
  it('gives a packet of one track as it is, wrapped or not', () => {
    // 1001 audio frame, Opus; and the same for track 3 as OneTrack (packet type 5, then mode 0 and type 1)
    assert.deepEqual(parts(fromHex('91 4f707573 fcfffe'), AUDIO), ['0 1 914f707573fcfffe']);
    assert.deepEqual(parts(fromHex('95 01 4f707573 03 fcfffe'), AUDIO), ['3 1 95014f70757303fcfffe']);
    const body = fromHex('95 01 4f707573 03 fcfffe');
    assert.equal(trackParts(body, AUDIO)[0]?.body, body);
  });

  it('cuts a packet of many tracks into one for each', () => {
    // key frame, Multitrack; mode 1, sequence start; hvc1; track 0 of 2 bytes, track 4 of 1 byte
    assert.deepEqual(parts(fromHex('96 10 68766331 00 000002 aabb 04 000001 cc'), VIDEO), [
      '0 0 96006876633100aabb',
      '4 0 96006876633104cc',
    ]);
  });

  it('cuts a packet of many codecs, where each track names its own', () => {
    assert.deepEqual(parts(fromHex('95 20 4f707573 00 000001 aa 664c6143 01 000002 bbcc'), AUDIO), [
      '0 0 95004f70757300aa',
      '1 0 9500664c614301bbcc',
    ]);
  });

  it('leaves ModEx prefixes behind', () => {
    const body = enhancedBody({
      kind: 'audio',
      packetType: 0,
      fourCc: 'Opus',
      nanos: 500_000,
      tracks: [{ id: 7, data: '01' }],
    });
    assert.equal(toHex(body).slice(0, 14), '970207a1200510');
    assert.deepEqual(parts(body, AUDIO), ['7 0 95004f7075730701']);
  });

  it('stops where a table is cut short, and never gives more tracks than there are ids', () => {
    const body = fromHex('96 10 68766331 00 000002 aabb 04 000001 cc');
    everyPrefix(body, (prefix) => {
      assert.ok(trackParts(prefix, VIDEO).every(({ body }) => body.length > 0));
    });
    assert.equal(trackParts(fromHex(`96 10 68766331 ${'09000000'.repeat(300)}`), VIDEO).length, 256);
  });

  it('gives what a writer of its own put in', () => {
    const track = fc.record({ id: fc.nat(255), data: someBytes(40).map(toHex) });
    fc.assert(
      fc.property(fc.array(track, { minLength: 1, maxLength: 5 }), fc.boolean(), (tracks, mixed) => {
        const table = tracks.map((one, i) => (mixed ? { ...one, fourCc: i % 2 ? 'mp4a' : 'Opus' } : one));
        const body = enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', tracks: table });
        const single = table.map(({ id, data, ...rest }) =>
          toHex(enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', ...rest, track: id, data })),
        );
        assert.deepEqual(
          trackParts(body, AUDIO).map(({ body }) => toHex(body)),
          single,
        );
      }),
    );
  });
});

describe('A packet of many tracks, at its edges,', () => {
  it('gives each of 255 and 256 tracks, and no more than there are ids', () => {
    for (const [count, given] of [
      [1, 1],
      [2, 2],
      [255, 255],
      [256, 256],
      [257, 256],
    ] as const) {
      const tracks = Array.from({ length: count }, (_, i) => ({ id: i & 255, data: 'aa' }));
      const parts = trackParts(enhancedBody({ kind: 'video', packetType: 1, fourCc: 'hvc1', tracks }), VIDEO);
      assert.equal(parts.length, given);
      assert.deepEqual(parts.at(-1)?.trackId, (given - 1) & 255);
    }
  });

  it('takes tracks of any length that 24 bits can say, and none that is not all there', () => {
    const lengths = aroundBoundaries(140_000, [0xff, 0x100, 0xffff]);
    fc.assert(
      fc.property(lengths, fc.nat(255), (length, id) => {
        const head = fromHex(`9511 4f707573 ${toHex(Uint8Array.of(id, length >> 16, length >> 8, length))}`);
        const body = concatBytes([head, new Uint8Array(length).fill(3)]);
        const [part, ...more] = trackParts(body, AUDIO);
        assert.deepEqual([part?.trackId, part?.body.length, more.length], [id, 7 + length, 0]);
        if (length > 0) assert.deepEqual(trackParts(body.subarray(0, -1), AUDIO), []);
      }),
      { numRuns: 100 },
    );
  });

  it('passes over ModEx data of any length: one byte says up to 255, two more up to 65536', () => {
    const packet = emptyExPacket();
    fc.assert(
      fc.property(fc.oneof(aroundBoundaries(65_536, [254, 255, 256, 257])), (size) => {
        if (size === 0) return;
        const says = size < 256 ? Uint8Array.of(size - 1) : Uint8Array.of(255, (size - 1) >> 8, size - 1);
        const body = concatBytes([
          fromHex('97'),
          says,
          new Uint8Array(size).fill(5),
          fromHex('01 4f707573 aabb'),
        ]);
        assert.equal(readExPacket(body, AUDIO, packet), true, `${size} bytes`);
        assert.equal(toHex(body.subarray(packet.start, packet.end)), 'aabb');
        assert.equal(toHex(withoutModEx(body, packet)), '914f707573aabb');
        for (let cut = 1; cut < body.length - 6; cut += Math.ceil(size / 20))
          assert.equal(readExPacket(body.subarray(0, cut), AUDIO, packet), false, `cut at ${cut}`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('Taking wrappings off', () => {
  const both = enhancedBody({
    kind: 'video',
    packetType: 1,
    frameType: 2,
    fourCc: 'av01',
    nanos: 1,
    track: 0,
    data: 'aabb',
  });
  const packet = emptyExPacket();

  it('leaves header, FourCC and body, with or without the ModEx prefix', () => {
    assert.equal(toHex(both), `a702000001 06 01 61763031 00 aabb`.replaceAll(' ', ''));
    assert.equal(readExPacket(both, VIDEO, packet), true);
    assert.equal(toHex(unwrapTrack(both, packet)), 'a161763031aabb');
    assert.equal(toHex(unwrapTrack(both, packet, true)), 'a7020000010161763031aabb');
    assert.equal(toHex(withoutModEx(both, packet)), 'a6016176303100aabb');
  });

  it('finds any track that is asked for, and the first where it is missing', () => {
    const body = fromHex('96 11 68766331 01 000001 aa 02 000002 bbcc 00 000001 dd');
    const found = (track: number): string => {
      assert.equal(readExPacket(body, VIDEO, packet, track), true);
      return `${packet.trackId} ${toHex(body.subarray(packet.start, packet.end))}`;
    };
    assert.deepEqual([0, 1, 2, 3].map(found), ['0 dd', '1 aa', '2 bbcc', '1 aa']);
  });
});
