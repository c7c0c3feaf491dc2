import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { assertProtocolError, everyPrefix, valueOrProtocolError } from './every-prefix.ts';
import { everySplit, splitInto } from './every-split.ts';
import { ManualClock } from './manual-clock.ts';

test('every split covers the whole, each cut and single bytes, and loses nothing', () => {
  const bytes = fromHex('01020304');
  const shapes: number[][] = [];
  everySplit(bytes, (parts) => {
    assert.deepEqual(concatBytes(parts), bytes);
    shapes.push(parts.map((part) => part.length));
  });
  assert.deepEqual(shapes, [[4], [1, 3], [2, 2], [3, 1], [1, 1, 1, 1]]);
  assert.deepEqual(
    splitInto(bytes, [3, 1]).map((part) => part.length),
    [3, 1],
  );
});

test('every prefix is proper and the empty one is among them', () => {
  const lengths: number[] = [];
  everyPrefix(fromHex('010203'), (prefix) => lengths.push(prefix.length));
  assert.deepEqual(lengths, [0, 1, 2]);
});

test('only a ProtocolError counts as a refusal', () => {
  const refusal = new ProtocolError('bad-value', 'no');
  assert.equal(
    valueOrProtocolError(() => {
      throw refusal;
    }),
    refusal,
  );
  assert.equal(
    valueOrProtocolError(() => 7),
    7,
  );
  assert.throws(
    () =>
      valueOrProtocolError(() => {
        throw new TypeError('ours');
      }),
    TypeError,
  );
  assert.throws(() => assertProtocolError('bad-value', () => 7));
  assert.throws(() =>
    assertProtocolError('too-deep', () => {
      throw refusal;
    }),
  );
});

test('the manual clock moves both of its times, and only forward', () => {
  const clock = new ManualClock(50, 1000);
  clock.advance(25);
  assert.deepEqual([clock.monotonicMs(), clock.wallMs()], [75, 1025]);
  assert.throws(() => clock.advance(-1));
});
