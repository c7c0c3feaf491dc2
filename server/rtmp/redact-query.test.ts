import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('masks what follows an escaped question mark, and a number sign', () => {
  assert.equal(redactQuery('obs%3Ftoken=abc123'), 'obs?***');
  assert.equal(redactQuery('obs%3ftoken=abc123'), 'obs?***');
  assert.equal(redactQuery('live#token=abc123'), 'live?***');
  assert.equal(redactQuery('live%23token'), 'live?***');
  assert.equal(redactQuery('name#'), 'name#');
  assert.equal(redactQuery('live/key&token=abc123'), 'live/key?***');
  assert.equal(redactQuery('live/key%26token=abc123'), 'live/key?***');
});

test('whatever stands around a secret, none of it comes through, on one line and not long', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[a-z:/@?#%&=.]*$/));
  const secret = fc.stringMatching(/^[A-Z0-9]{8,20}$/).map((letters) => `=${letters}`);
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('?', '#', '&', '%3f', '%3F', '%23'),
      text,
      secret,
      text,
      (a, mark, b, hidden, c) => {
        const shown = redactQuery(a + mark + b + hidden + c);
        assert.ok(!shown.includes(hidden) || a.includes(hidden), shown);
        assert.ok(shown.length <= 512 + 3 + 4);
        assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029]/u);
      },
    ),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]+$/), secret, (user, hidden) => {
      assert.equal(redactQuery(`rtmp://${user}:${hidden}@host/live`), 'rtmp://***@host/live');
    }),
  );
});
