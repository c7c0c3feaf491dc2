import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCrypto as crypto } from '../test/login-kit.ts';
import { llnwAuth } from './llnw-auth.ts';

const credentials = { user: 'obs', password: 'hush-hush' };

function expected(app: string, nonce: string, cnonce: string) {
  const query = new Map([
    ['nonce', nonce],
    ['cnonce', cnonce],
    ['nc', '00000001'],
  ]);
  return llnwAuth.expected({ credentials, app, query, salt: '' }, crypto);
}

test("what GStreamer's rtmpsink answered is what is expected", () => {
  const responses = expected('live', '38s-1-7fbad33c1bd8790f', '43f8e1ac');
  assert.ok(responses.includes('754d866fc971a4e2af10b3636274c319'));
});

test('what FFmpeg answered is what is expected', () => {
  const responses = expected('live', '1chr-4-2b1c0364e40b7d21', '1342b048');
  assert.ok(responses.includes('33278dc9f9733a146ee963f612087710'));
});

test('an app with its instance is taken as it is, one without gets the default instance', () => {
  // printf 'publish:/live/room' | md5sum, and so on.
  assert.deepEqual(
    expected('live/room', 'N', 'C'),
    Array.from({ length: 2 }, () => '9c4957630fa27fcd5051048d59ddf0a6'),
  );
  assert.equal(expected('live', 'N', 'C')[0], 'b878705344eff8897e8e40f159dd8746');
});

test('the query of an app may be part of what was hashed, or not', () => {
  const [withQuery, without] = expected('live?token=x', 'N', 'C');
  assert.notEqual(withQuery, without);
  assert.equal(without, expected('live', 'N', 'C')[0]);
});
