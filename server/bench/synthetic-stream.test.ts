import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAvcConfig } from '../../shared/codec/avc-config.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { hasFrameMark, markSentUs, markSequence, writeFrameMark } from './frame-mark.ts';
import { oneStream, type SyntheticMessage, SyntheticStream, syntheticHeaders } from './synthetic-stream.ts';

function someSeconds(seconds: number): SyntheticMessage[] {
  const stream = new SyntheticStream(oneStream);
  const messages: SyntheticMessage[] = [];
  while (stream.nextDueMs < seconds * 1000) {
    const message = stream.next();
    messages.push({ ...message, body: message.body.slice() });
  }
  return messages;
}

test('the headers are those of a real stream', () => {
  const [video, audio] = syntheticHeaders();
  assert.equal(classifyPacket('video', video!.body), 'config');
  assert.equal(classifyPacket('audio', audio!.body), 'config');
  assert.equal(decodeAvcConfig(video!.body.subarray(5)).profileIdc, 66);
});

test('the stream has the rate and the keyframes that were asked for', () => {
  const messages = someSeconds(20);
  const video = messages.filter(({ kind }) => kind === 'video');
  const keyframes = video.filter(({ body }) => classifyPacket('video', body) === 'keyframe');
  const kbps = (of: readonly SyntheticMessage[]) =>
    of.reduce((total, { body }) => total + body.length, 0) / 125 / 20;
  assert.equal(video.length, 600);
  assert.equal(keyframes.length, 10);
  assert.ok(Math.abs(kbps(video) - 2500) < 250, `${kbps(video)} kbps`);
  assert.ok(Math.abs(kbps(messages.filter(({ kind }) => kind === 'audio')) - 128) < 3);
});

test('two streams are alike but for the time of sending, and time never goes back', () => {
  const [first, second] = [someSeconds(3), someSeconds(3)];
  assert.deepEqual(
    first.map(({ kind, timestampMs, body }) => [kind, timestampMs, body.length]),
    second.map(({ kind, timestampMs, body }) => [kind, timestampMs, body.length]),
  );
  const times = first.filter(({ kind }) => kind === 'video').map(({ timestampMs }) => timestampMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test('each frame is marked with its number', () => {
  const video = someSeconds(1).filter(({ kind }) => kind === 'video');
  for (const [i, { body }] of video.entries()) {
    assert.ok(hasFrameMark(body, 0));
    assert.equal(markSequence(body, 0), i);
  }
});

test('a mark holds a time of years in microseconds', () => {
  const body = new Uint8Array(40);
  writeFrameMark(body, 123_456_789_012_345.7, 0xffffffff);
  assert.equal(markSentUs(body, 0), 123_456_789_012_345);
  assert.equal(markSequence(body, 0), 0xffffffff);
});
