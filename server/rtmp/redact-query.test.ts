import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactQuery } from './redact-query.ts';

test('masks everything after the first question mark', () => {
  assert.equal(redactQuery('obs?token=abc123'), 'obs?***');
  assert.equal(redactQuery('rtmp://host/live?a=1/key?b=2'), 'rtmp://host/live?***');
  assert.equal(redactQuery('name?'), 'name?');
  assert.equal(redactQuery('name'), 'name');
  assert.equal(redactQuery(''), '');
});

test('masks the user part of a URL', () => {
  assert.equal(redactQuery('rtmp://user:pass@host/live'), 'rtmp://***@host/live');
});

test('lets no control character through, so a name cannot start a log line', () => {
  assert.equal(redactQuery('a\r\nb\u2028c\u0000d'), 'a\ufffd\ufffdb\ufffdc\ufffdd');
});

test('cuts long texts', () => {
  assert.equal(redactQuery('x'.repeat(2000)).length, 515);
});
