import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolError } from '../../../shared/bytes/protocol-error.ts';
import { ByteSource, type ByteSourceListener, type Rewriter } from './byte-source.ts';

const flvHeader = [0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0];
const avcTag = [9, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x17, 0, 0, 0, 0, 0, 0, 0, 16];

function buffer(...bytes: number[]): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** Leaves everything as it is. */
const plain: Rewriter = { push: (bytes) => Uint8Array.from(bytes), differs: false };

function openSource() {
  const events: string[] = [];
  const listener: ByteSourceListener = {
    onFirstByte: () => events.push('first byte'),
    onTracks: (tracks) => events.push(`tracks ${tracks?.video}+${tracks?.audio}`),
    onMedia: () => {},
    onBroken: (message) => events.push(`broken ${message}`),
    onRefused: (status, message) => events.push(`refused ${status} ${message}`),
    onEnd: (how) => events.push(`end ${how}`),
  };
  const clock = { nowMs: 0 };
  const source = new ByteSource(listener, () => clock.nowMs);
  const received: [offset: number, bytes: number[]][] = [];
  const consume = (chunk: ArrayBuffer, offset: number): void => {
    received.push([offset, [...new Uint8Array(chunk)]]);
  };
  return { events, source, received, consume, clock };
}

test('bytes that came before the engine are handed to it in one piece', () => {
  const { events, source, received, consume } = openSource();
  source.push(buffer(...flvHeader));
  source.push(buffer(...avcTag));
  assert.deepEqual(events, ['first byte', 'tracks avc+null']);
  source.rewriteWith(plain);
  source.pipe(consume, 0);
  source.push(buffer(7, 8));
  assert.deepEqual(received, [
    [0, [...flvHeader, ...avcTag]],
    [33, [7, 8]],
  ]);
});

test('an engine that rested gets the bytes since the place it names', () => {
  const { source, received, consume } = openSource();
  source.rewriteWith(plain);
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

test('the engine gets what the rewriter makes of the bytes, and its offsets count that', () => {
  const { source, received, consume } = openSource();
  source.push(buffer(...flvHeader, ...avcTag));
  source.rewriteWith({ push: () => Uint8Array.of(9, 9), differs: false });
  source.pipe(consume, 0);
  source.push(buffer(1, 2, 3));
  assert.deepEqual(received, [
    [0, [9, 9]],
    [2, [9, 9]],
  ]);
});

test('a stream that became another one ends as one whose tracks changed', () => {
  const { events, source } = openSource();
  source.push(buffer(...flvHeader, ...avcTag));
  source.rewriteWith({ push: () => new Uint8Array(0), differs: true });
  assert.equal(events.at(-1), 'end tracks-changed');
  source.push(buffer(1));
  assert.equal(events.length, 3);
});

test('bytes that make no sense are told of once, and the connection is let go', () => {
  const { events, source } = openSource();
  let cancelled = 0;
  source.onCancel(() => {
    cancelled += 1;
  });
  source.push(buffer(...flvHeader, ...avcTag));
  source.rewriteWith({
    push: () => {
      throw new ProtocolError('bad-length', 'no tag is so long');
    },
    differs: false,
  });
  source.push(buffer(1));
  assert.deepEqual(events.slice(2), ['broken no tag is so long']);
  assert.equal(cancelled, 1);
});

test('a track that was announced and does not come is waited for two seconds', () => {
  const { events, source, clock } = openSource();
  const announcesBoth = [...flvHeader];
  announcesBoth[4] = 5;
  source.push(buffer(...announcesBoth, ...avcTag));
  assert.deepEqual(events, ['first byte']);
  clock.nowMs = 2000;
  source.push(buffer(...avcTag));
  assert.deepEqual(events, ['first byte', 'tracks avc+null']);
});
