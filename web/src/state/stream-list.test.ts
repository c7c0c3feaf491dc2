import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stream } from '../../../shared/contract/streams.ts';
import { sampleStream } from './sample-stream.ts';
import { listStreams, type StreamSort, streamHealth } from './stream-list.ts';

const warning = { code: 'x', message: 'x', advice: 'x' };
const viewers = (total: number) => ({ total, httpFlv: 0, wsFlv: total, rtmp: 0 });

const streams: Stream[] = [
  sampleStream('live/b', { kbpsIn: 1040, viewers: viewers(2) }),
  sampleStream('live/a', { kbpsIn: 1000, viewers: viewers(2), warnings: [warning] }),
  sampleStream('radio/c', { kbpsIn: 5000, startedAt: '2026-01-01T12:00:00.000Z' }),
  sampleStream('radio/d', { kbpsIn: 0, state: 'interrupted' }),
];

function names(filter: string, sort: StreamSort): string[] {
  const records = streams.map((stream) => ({ stream, history: [] }));
  return listStreams(records, filter, sort).map((record) => record.stream.name);
}

test('without a filter every stream is listed by name', () => {
  assert.deepEqual(names('', 'name'), ['live/a', 'live/b', 'radio/c', 'radio/d']);
});

test('a filter wants each of its words, in any case', () => {
  assert.deepEqual(names('RADIO', 'name'), ['radio/c', 'radio/d']);
  assert.deepEqual(names('live b', 'name'), ['live/b']);
  assert.deepEqual(names('nothing', 'name'), []);
});

test('equals stay in order of name', () => {
  assert.deepEqual(names('live', 'viewers'), ['live/a', 'live/b']);
});

test('a bitrate that flickers does not make rows trade places', () => {
  assert.deepEqual(names('', 'bitrate'), ['radio/c', 'live/a', 'live/b', 'radio/d']);
});

test('the newest and the troubled can be put first', () => {
  assert.equal(names('', 'newest')[0], 'radio/c');
  assert.deepEqual(names('', 'trouble').slice(0, 2), ['radio/d', 'live/a']);
});

test('health is one word', () => {
  assert.equal(streamHealth(sampleStream('a/b')), 'good');
  assert.equal(streamHealth(sampleStream('a/b', { warnings: [warning] })), 'warning');
  assert.equal(streamHealth(sampleStream('a/b', { state: 'starting' })), 'starting');
  assert.equal(streamHealth(sampleStream('a/b', { state: 'starting', warnings: [warning] })), 'warning');
  assert.equal(streamHealth(sampleStream('a/b', { state: 'silent', warnings: [warning] })), 'silent');
  assert.equal(streamHealth(sampleStream('a/b', { state: 'interrupted', warnings: [warning] })), 'failing');
});
