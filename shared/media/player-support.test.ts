import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { enhancedBody } from '../testing/enhanced-body.ts';
import { goldenVectors } from '../testing/golden.ts';
import { classifyPacket } from './classify.ts';
import type { PacketKind, PacketRole } from './media-packet.ts';
import { flvPlayableBody, isFlvPlayable } from './player-support.ts';

const vectors = goldenVectors<{ kind: PacketKind; role: PacketRole; flv: string | null }>('flv/bodies.json');

for (const { name, bytes, expected } of vectors) {
  if (expected.flv === 'same') {
    test(`an FLV viewer gets ${name} as it is`, () => {
      assert.equal(flvPlayableBody(expected.kind, bytes), bytes);
      assert.equal(isFlvPlayable(expected.kind, bytes), true);
    });
  } else if (expected.flv === null) {
    test(`an FLV viewer does not get ${name}`, () => {
      assert.equal(flvPlayableBody(expected.kind, bytes), undefined);
      assert.equal(isFlvPlayable(expected.kind, bytes), false);
    });
  } else {
    const plain = expected.flv;
    test(`an FLV viewer gets ${name} in its plain form, which means the same`, () => {
      const body = flvPlayableBody(expected.kind, bytes);
      assert.equal(body && toHex(body), plain);
      assert.equal(isFlvPlayable(expected.kind, bytes), false);
      assert.equal(classifyPacket(expected.kind, fromHex(plain)), expected.role);
    });
  }
}

test('what comes out is always playable as it is, and nothing throws', () => {
  const bodies = fc.oneof(
    someBytes(64),
    fc.tuple(fc.constantFrom(...vectors), fc.nat(), fc.nat(255)).map(([{ bytes }, where, value]) => {
      const copy = bytes.slice();
      if (copy.length > 0) copy[where % copy.length] = value;
      return copy;
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom<PacketKind>('audio', 'video', 'data'), bodies, (kind, body) => {
      const playable = flvPlayableBody(kind, body);
      if (playable) assert.equal(isFlvPlayable(kind, playable), true);
      assert.equal(isFlvPlayable(kind, body), playable === body);
    }),
    { numRuns: 3000 },
  );
});

test('a viewer who chose another track gets that one alone, in its plain form', () => {
  const many = enhancedBody({
    kind: 'audio',
    packetType: 1,
    tracks: [
      { id: 0, fourCc: 'Opus', data: 'aa' },
      { id: 2, fourCc: 'mp4a', data: 'bb' },
    ],
  });
  const hex = (kind: PacketKind, body: Uint8Array, track: number) => {
    const playable = flvPlayableBody(kind, body, track);
    return playable && toHex(playable);
  };
  assert.deepEqual(
    [0, 1, 2].map((track) => hex('audio', many, track)),
    ['914f707573aa', undefined, 'af01bb'],
  );
  const second = enhancedBody({
    kind: 'video',
    packetType: 3,
    frameType: 2,
    fourCc: 'avc1',
    track: 1,
    data: 'cc',
  });
  assert.deepEqual(
    [0, 1].map((track) => hex('video', second, track)),
    [undefined, '2701000000cc'],
  );
  assert.equal(flvPlayableBody('video', fromHex('1701000050 00000001'), 1), undefined);
  assert.equal(flvPlayableBody('audio', fromHex('af01 21'), 1), undefined);
});
