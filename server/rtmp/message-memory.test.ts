import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChunkStream } from './chunk-stream.ts';
import { MessageMemory } from './message-memory.ts';

function begun(length: number): ChunkStream {
  const stream = new ChunkStream(4);
  stream.length = length;
  return stream;
}

describe('MessageMemory', () => {
  it('gives room as bytes arrive, not as they are announced', () => {
    const memory = new MessageMemory(1e9);
    const stream = begun(16_000_000);
    assert.ok(memory.grow(stream, 100));
    assert.equal(memory.bytes, 16 * 1024);
    stream.body.set([1, 2, 3]);
    stream.received = 3;
    assert.ok(memory.grow(stream, 20_000));
    assert.equal(memory.bytes, 80_000);
    assert.deepEqual([...stream.body.subarray(0, 3)], [1, 2, 3]);
  });

  it('refuses what is beyond the limit of all messages, and gives it when one is done', () => {
    const memory = new MessageMemory(20_000);
    const [first, second] = [begun(12_000), begun(12_000)];
    assert.ok(memory.grow(first, 1));
    assert.equal(memory.grow(second, 1), false);
    memory.release(first);
    assert.ok(memory.grow(second, 1));
    assert.equal(memory.bytes, 12_000);
  });

  it('lends the body of a whole message until it is reclaimed, then gives its memory to the next', () => {
    const memory = new MessageMemory(1e9);
    const [first, second, third] = [begun(30_000), begun(20_000), begun(25_000)];
    assert.ok(memory.grow(first, 8_000));
    const body = memory.finish(first);
    assert.equal(body.length, 30_000);
    assert.ok(memory.grow(second, 1));
    assert.notEqual(memory.finish(second).buffer, body.buffer);
    memory.reclaim();
    memory.reclaim();
    assert.ok(memory.grow(third, 1));
    assert.equal(third.body.length >= 16_384, true);
  });

  it('counts only what a message may use of memory that was there', () => {
    const memory = new MessageMemory(1e9);
    const [first, second] = [begun(30_000), begun(5_000)];
    assert.ok(memory.grow(first, 8_000));
    const { buffer } = memory.finish(first);
    memory.reclaim();
    assert.ok(memory.grow(second, 1));
    assert.equal(second.body.buffer, buffer);
    assert.equal(memory.bytes, 5_000);
    assert.equal(memory.finish(second).length, 5_000);
    assert.equal(memory.bytes, 0);
  });

  it('keeps no memory of a very large message', () => {
    const memory = new MessageMemory(1e9);
    const [large, next] = [begun(200_000), begun(1_000)];
    assert.ok(memory.grow(large, 200_000));
    const { buffer } = memory.finish(large);
    memory.reclaim();
    assert.ok(memory.grow(next, 1));
    assert.notEqual(next.body.buffer, buffer);
  });
});
