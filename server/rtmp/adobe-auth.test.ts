import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import {
  AdobeAuth,
  type AuthCrypto,
  adobeResponse,
  nextAuthAttempt,
  usesAuth,
  withoutAuth,
} from './adobe-auth.ts';

let drawn = 0;
const crypto: AuthCrypto = {
  md5: (data) => createHash('md5').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  randomBytes: (length) => new Uint8Array(length).fill(++drawn),
};
const credentials = { user: 'obs', password: 'hunter2' };

/** Goes through the steps as an encoder does, and gives the last app and what became of it. */
function login(auth: AdobeAuth, given = credentials, app = 'live', elapsedMs = 0) {
  let current = app;
  for (let attempt = 0; ; attempt++) {
    const verdict = auth.judge(current, 5_000 + attempt * elapsedMs);
    if (verdict.type === 'passed' || verdict.type === 'failed') return { app: current, type: verdict.type };
    const next = nextAuthAttempt(verdict.description, given, crypto);
    assert.ok(next !== undefined && attempt < 2, verdict.description);
    current = app + next;
  }
}

test('the answer to a challenge is the one that was worked out by hand', () => {
  const challenge = { salt: 'SALT', opaque: 'OPAQUE' };
  assert.equal(adobeResponse(credentials, challenge, '0badcafe', crypto), 'd/fVtR0KGE1ztuXDglBz2Q==');
  const other = { user: 'user', password: 'pass' };
  assert.equal(
    adobeResponse(other, { salt: '/VsA1g==', opaque: 'dS8AAA==' }, 'AAECAw==', crypto),
    '36UJ2TRj7bL5jftWpGQTfA==',
  );
});

test('a client is asked, challenged and let in, whatever stood behind the app before', () => {
  const auth = new AdobeAuth(credentials, crypto);
  for (const app of ['live', 'live?token=x', 'live/sub']) {
    const { type, app: last } = login(auth, credentials, app);
    assert.equal(type, 'passed', last);
    assert.equal(withoutAuth(last), app);
    assert.equal(usesAuth(last), true);
    assert.equal(usesAuth(app), false);
  }
});

test('the words that clients look for are there, and nothing follows the last value', () => {
  const auth = new AdobeAuth(credentials, crypto);
  const asked = auth.judge('live', 0);
  assert.equal(asked.type, 'ask');
  assert.match(asked.description, /code=403 need auth; authmod=adobe/);
  const challenged = auth.judge('live?authmod=adobe&user=obs', 0);
  assert.equal(challenged.type, 'challenge');
  assert.match(
    challenged.description,
    /authmod=adobe .*\?reason=needauth&user=obs&salt=[0-9a-f]+&challenge=[0-9a-f-]+&opaque=[0-9a-f-]+$/,
  );
});

test('a wrong password and a wrong name fail alike, after the same steps', () => {
  const auth = new AdobeAuth(credentials, crypto);
  assert.equal(login(auth, { user: 'obs', password: 'hunter3' }).type, 'failed');
  assert.equal(login(auth, { user: 'obs', password: '' }).type, 'failed');
  assert.equal(login(auth, { user: 'obsx', password: 'hunter2' }).type, 'failed');
  const verdict = auth.judge('live?authmod=adobe&user=nobody&challenge=1&response=2&opaque=3', 0);
  assert.equal(verdict.type, 'failed');
  assert.match(verdict.description, /\?reason=authfailed$/);
  assert.equal(nextAuthAttempt(verdict.description, credentials, crypto), undefined);
});

test('an answer is good for a minute, and not before its challenge', () => {
  const auth = new AdobeAuth(credentials, crypto);
  assert.equal(login(auth, credentials, 'live', 60_000).type, 'passed');
  assert.equal(login(auth, credentials, 'live', 60_001).type, 'failed');
  const { app } = login(auth);
  assert.equal(auth.judge(app, 4_999).type, 'failed');
});

test('a challenge that somebody else made, or changed, is no use', () => {
  const { app } = login(new AdobeAuth(credentials, crypto));
  assert.equal(new AdobeAuth(credentials, crypto).judge(app, 5_000).type, 'failed');
  const auth = new AdobeAuth(credentials, crypto);
  const good = login(auth).app;
  assert.equal(auth.judge(good, 5_000).type, 'passed');
  const opaque = /opaque=(.*)$/.exec(good)?.[1] ?? '';
  for (const other of ['', '-', `0${opaque}`, opaque.slice(0, -1), `${opaque}0`, opaque.toUpperCase()]) {
    assert.equal(auth.judge(good.replace(opaque, other), 5_000).type, 'failed', other);
  }
});

test('nothing that stands behind an app throws', () => {
  const auth = new AdobeAuth(credentials, crypto);
  for (const query of [
    'authmod=adobe',
    'authmod=adobe&user',
    'authmod=adobe&=&&user=',
    'authmod=llnw&user=obs',
    '',
  ]) {
    assert.notEqual(auth.judge(`live?${query}`, 0).type, 'passed');
  }
  assert.equal(auth.judge(`live?authmod=adobe&user=${'u'.repeat(81)}`, 0).type, 'failed');
  const longest = auth.judge(`live?authmod=adobe&user=${'u'.repeat(80)}`, 2 ** 45);
  assert.equal(longest.type, 'challenge');
  assert.ok(longest.description.length < 256, 'FFmpeg reads no more');
});
