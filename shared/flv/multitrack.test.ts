import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { someBytes } from '../testing/arbitraries.ts';
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
