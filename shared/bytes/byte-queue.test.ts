import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteQueue } from './byte-queue.ts';
import { fromHex, toHex } from './hex.ts';

test('bytes come out in the order they went in, however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 })),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (parts, sizes) => {
        const queue = new ByteQueue();
        const out: number[] = [];
        let turn = 0;
        for (const part of parts) {
          queue.push(part);
          const taken = queue.take(sizes[turn++ % sizes.length]!);
          if (taken) out.push(...taken);
        }
        out.push(...queue.take(queue.length)!);
        assert.deepEqual(
          out,
          parts.flatMap((part) => [...part]),
        );
        assert.equal(queue.length, 0);
      },
    ),
  );
});

test('nothing comes out before all of it is there', () => {
  const queue = new ByteQueue();
  queue.push(fromHex('0102'));
  assert.equal(queue.peek(3), undefined);
  assert.equal(queue.take(3), undefined);
  queue.push(fromHex('03'));
  assert.equal(toHex(queue.peek(2)!), '0102');
  queue.skip(1);
  assert.equal(toHex(queue.take(2)!), '0203');
  assert.throws(() => queue.skip(1), /cannot skip/);
});

test('what was taken does not change when more arrives, nor when the sender reuses its buffer', () => {
  const queue = new ByteQueue();
  const buffer = fromHex('0102');
  queue.push(buffer);
  buffer.fill(0xff);
  const taken = queue.take(2)!;
  queue.push(fromHex('0304'));
  assert.equal(toHex(taken), '0102');
});

test('a long stream through a queue that is emptied does not make it grow', () => {
  const queue = new ByteQueue();
  const part = new Uint8Array(1000);
  queue.push(part);
  const buffer = queue.peek(1)!.buffer;
  for (let i = 0; i < 1000; i++) {
    queue.push(part);
    queue.skip(1000);
  }
  assert.ok(queue.peek(1)!.buffer.byteLength <= Math.max(buffer.byteLength, 8000));
});
