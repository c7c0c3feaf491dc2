import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecName } from './codec-names.ts';
import { newPacketHead, readAudioHead, readVideoHead } from './packet-head.ts';

const heads = Array.from({ length: 256 }, (_, first) => Uint8Array.of(first, 0, 0, 0, 0, 0));

test('every codec that the first byte of a packet names has a name that people know', () => {
  const head = newPacketHead();
  const codecs = new Set<string>();
  for (const body of heads) {
    readVideoHead(body, head);
    if (!head.enhanced) codecs.add(head.codec);
    readAudioHead(body, head);
    if (!head.enhanced) codecs.add(head.codec);
  }
  codecs.delete('');
  assert.ok(codecs.size > 10, [...codecs].join(' '));
  assert.deepEqual(
    [...codecs].filter((codec) => codecName(codec) === codec),
    [],
  );
});

test('a codec without such a name keeps its own', () => {
  assert.equal(codecName('xyz1'), 'xyz1');
});
