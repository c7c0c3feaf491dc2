import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSource, type ByteSourceListener } from './byte-source.ts';

const flvHeader = [0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0];
const avcTag = [9, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x17, 0, 0, 0, 0, 0, 0, 0, 16];

function buffer(...bytes: number[]): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function openSource() {
  const events: string[] = [];
  const listener: ByteSourceListener = {
    onFirstByte: () => events.push('first byte'),
    onTracks: (tracks) => events.push(`tracks ${tracks?.video}+${tracks?.audio}`),
    onRefused: (status, message) => events.push(`refused ${status} ${message}`),
    onEnd: (how) => events.push(`end ${how}`),
  };
  const source = new ByteSource(listener);
  const received: [offset: number, bytes: number[]][] = [];
  const consume = (chunk: ArrayBuffer, offset: number): void => {
    received.push([offset, [...new Uint8Array(chunk)]]);
  };
  return { events, source, received, consume };
}

test('bytes that came before the engine are handed to it in one piece', () => {
  const { events, source, received, consume } = openSource();
  source.push(buffer(...flvHeader));
  source.push(buffer(...avcTag));
  assert.deepEqual(events, ['first byte', 'tracks avc+null']);
  source.pipe(consume, 0);
  source.push(buffer(7, 8));
  assert.deepEqual(received, [
    [0, [...flvHeader, ...avcTag]],
    [33, [7, 8]],
  ]);
});

test('an engine that rested gets the bytes since the place it names', () => {
  const { source, received, consume } = openSource();
  source.pipe(consume, 0);
  source.push(buffer(1, 2, 3));
  source.unpipe();
  source.push(buffer(4, 5));
  source.pipe(consume, 2);
  assert.deepEqual(received, [
    [0, [1, 2, 3]],
    [2, [3, 4, 5]],
  ]);
});

test('an end before any byte is a refusal', () => {
  const { events, source } = openSource();
  source.finish('dropped');
  assert.deepEqual(events, ['refused null null']);
});

test('a server that drains or an operator who kicks is no refusal, even before any byte', () => {
  const draining = openSource();
  draining.source.finish('draining');
  const kicked = openSource();
  kicked.source.finish('kicked');
  assert.deepEqual([...draining.events, ...kicked.events], ['end draining', 'end kicked']);
});

test('nothing is heard of a source that was closed', () => {
  const { events, source, received, consume } = openSource();
  let cancelled = 0;
  source.onCancel(() => {
    cancelled += 1;
  });
  source.pipe(consume, 0);
  source.close();
  source.push(buffer(1));
  source.finish('dropped');
  source.close();
  assert.deepEqual(events, []);
  assert.deepEqual(received, []);
  assert.equal(cancelled, 1);
});

test('only one end is told', () => {
  const { events, source } = openSource();
  source.push(buffer(...flvHeader));
  source.finish('clean');
  source.finish('dropped');
  assert.deepEqual(events, ['first byte', 'end clean']);
});
