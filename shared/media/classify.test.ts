import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../bytes/hex.ts';
import { FlvReader } from '../flv/flv-reader.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { detached } from '../testing/detached.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenBytes, goldenVectors } from '../testing/golden.ts';
import { classifyPacket } from './classify.ts';
import type { PacketKind, PacketRole } from './media-packet.ts';

const vectors = goldenVectors<{ kind: PacketKind; role: PacketRole }>('flv/bodies.json');

for (const { name, bytes, expected } of vectors) {
  test(`${name} is ${expected.role}`, () =>
    assert.equal(classifyPacket(expected.kind, detached(bytes)), expected.role));
}

test('a key frame is never seen before its payload begins', () => {
  for (const { bytes, expected } of vectors.filter(({ expected }) => expected.role === 'keyframe')) {
    everyPrefix(bytes.subarray(0, 2), (prefix) => {
      assert.equal(classifyPacket(expected.kind, prefix), 'other');
    });
  }
});

test('one classification does not colour the next', () => {
  const multitrack = fromHex('96 01 68766331 01 000050 00');
  const plain = fromHex('91 68766331 000050 00');
  assert.equal(classifyPacket('video', plain), 'keyframe');
  assert.equal(classifyPacket('video', multitrack), 'other');
  assert.equal(classifyPacket('video', plain), 'keyframe');
});

test('the file that ffmpeg wrote has its headers, key frames every eight pictures and its end where ffprobe sees them', () => {
  const reader = new FlvReader();
  reader.push(goldenBytes('flv/ffmpeg5-av.flv'));
  const roles: PacketRole[] = [];
  const keyframesAt: number[] = [];
  for (let item = reader.next(); item !== undefined; item = reader.next()) {
    if (item.kind === 'header') continue;
    const role = classifyPacket(item.kind, item.body);
    roles.push(role);
    if (role === 'keyframe') keyframesAt.push(item.timestampMs);
  }
  const count = (role: PacketRole): number => roles.filter((each) => each === role).length;
  assert.deepEqual(roles.slice(0, 3), ['metadata', 'config', 'config']);
  assert.deepEqual(keyframesAt, [0, 533]);
  assert.deepEqual([count('keyframe'), count('interframe'), count('audio'), count('other')], [2, 13, 45, 1]);
});

test('nothing that arrives makes it throw', () => {
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
      const role = classifyPacket(kind, body);
      if (kind === 'audio') assert.match(role, /^(config|audio|other)$/);
      if (kind === 'video') assert.match(role, /^(config|keyframe|interframe|disposable|other)$/);
      if (kind === 'data') assert.match(role, /^(metadata|other)$/);
    }),
    { numRuns: 3000 },
  );
});
