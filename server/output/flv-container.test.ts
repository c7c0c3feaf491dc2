import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../../shared/bytes/hex.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { flvContainer, httpFlvContainer, wsFlvContainer } from './flv-container.ts';

const both = { audio: true, video: true };
const audio: MediaPacket = {
  kind: 'audio',
  role: 'audio',
  timestampMs: 1_023,
  body: Uint8Array.of(0xaf, 1, 0x21),
};
const video: MediaPacket = {
  kind: 'video',
  role: 'keyframe',
  timestampMs: 1_000,
  body: Uint8Array.of(0x17, 1, 0, 0, 80, 0xaa),
};

describe('FLV containers', () => {
  it('write tags from their time base on, as the FLV specification draws them', () => {
    assert.equal(
      toHex(httpFlvContainer.encode([video, audio], 1_000)),
      `09 000006 000000 00 000000 17010000 50aa 00000011
       08 000003 000017 00 000000 af0121 0000000e`.replace(/\s/g, ''),
    );
  });

  it('put header, flags and first back pointer in front of an opening', () => {
    const flags = (tracks: { audio: boolean; video: boolean }) =>
      toHex(httpFlvContainer.encode([], 0, tracks));
    assert.equal(flags(both), '464c5601050000000900000000');
    assert.equal(flags({ audio: true, video: false }), '464c5601040000000900000000');
    assert.equal(flags({ audio: false, video: true }), '464c5601010000000900000000');
  });

  it('stamp what is older than the time base with 0, because times never are negative', () => {
    const bytes = httpFlvContainer.encode([{ ...video, timestampMs: 900 }], 1_000);
    assert.equal(toHex(bytes.subarray(4, 8)), '00000000');
  });

  it('carry the same bytes over WebSocket, in one unmasked binary frame', () => {
    for (const length of [5, 100, 125 - 15, 126 - 15, 65_535 - 15, 65_536 - 15, 300_000]) {
      const packet: MediaPacket = { ...video, body: new Uint8Array(length).fill(0x17) };
      const flv = httpFlvContainer.encode([packet], 0);
      const framed = wsFlvContainer.encode([packet], 0);
      const headerBytes = framed.length - flv.length;
      assert.deepEqual(framed.subarray(headerBytes), flv);
      assert.equal(framed[0], 0x82);
      assert.equal(payloadLength(framed), flv.length, `a payload of ${flv.length} bytes`);
    }
  });

  it('share bytes only among viewers of the same tracks', () => {
    const pick = { video: 0, audio: 1 };
    const ids = [
      httpFlvContainer,
      wsFlvContainer,
      flvContainer('http-flv', pick),
      flvContainer('ws-flv', pick),
      flvContainer('http-flv', { video: 1, audio: 0 }),
    ].map(({ id }) => id);
    assert.equal(new Set(ids).size, 5);
    assert.equal(flvContainer('http-flv', { ...pick }).id, ids[2]);
  });

  it('leave out what players choke on, and write nothing for nothing', () => {
    const silence: MediaPacket = { kind: 'audio', role: 'other', timestampMs: 0, body: new Uint8Array(0) };
    assert.equal(httpFlvContainer.encode([silence], 0).length, 0);
    assert.equal(wsFlvContainer.encode([silence], 0).length, 0);
    assert.deepEqual(httpFlvContainer.encode([silence, video], 0), httpFlvContainer.encode([video], 0));
  });
});

/** RFC 6455 section 5.2. */
function payloadLength(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const short = view.getUint8(1);
  assert.ok(short < 128, 'no mask bit');
  return short === 127 ? Number(view.getBigUint64(2)) : short === 126 ? view.getUint16(2) : short;
}
