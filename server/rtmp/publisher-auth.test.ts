import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentials, testCrypto as crypto, fmle, logIn, nameless } from '../test/login-kit.ts';
import { nextAuthAttempt, PublisherAuth, usesAuth, withoutAuth } from './publisher-auth.ts';

const newAuth = () => new PublisherAuth(credentials, crypto);

for (const [mode, flashVer] of [
  ['adobe', fmle],
  ['llnw', nameless],
] as const) {
  test(`a client is asked, challenged and let in by ${mode}, whatever stood behind the app before`, () => {
    const auth = newAuth();
    for (const app of ['live', 'live?token=x', 'live/sub']) {
      const { type, app: last } = logIn(auth, { app, flashVer });
      assert.equal(type, 'passed', last);
      assert.ok(last.includes(`authmod=${mode}&`), last);
      assert.equal(withoutAuth(last), app);
      assert.equal(usesAuth(last), true);
      assert.equal(usesAuth(app), false);
    }
  });

  test(`a wrong password and a wrong name fail alike by ${mode}, after the same steps`, () => {
    const auth = newAuth();
    for (const given of [
      { user: 'encoder', password: 'hush-hus' },
      { user: 'encoder', password: '' },
      { user: 'encoders', password: 'hush-hush' },
    ]) {
      const { app, type } = logIn(auth, { given, flashVer });
      assert.equal(type, 'failed', app);
    }
    const app = `live?authmod=${mode}&user=nobody&challenge=1&response=2&opaque=3&nonce=3&cnonce=1`;
    const verdict = auth.judge({ app, flashVer }, 0);
    assert.equal(verdict.type, 'failed');
    assert.match(verdict.description, new RegExp(`authmod=${mode} .*\\?reason=authfailed$`));
    assert.equal(nextAuthAttempt(verdict.description, { app: 'live', credentials }, crypto), undefined);
  });

  test(`an answer by ${mode} is good for a minute and for one time`, () => {
    const auth = newAuth();
    assert.equal(logIn(auth, { elapsedMs: 60_000, flashVer }).type, 'passed');
    assert.equal(logIn(auth, { elapsedMs: 60_001, flashVer }).type, 'failed');
    const { app, type } = logIn(auth, { flashVer });
    assert.equal(type, 'passed');
    assert.equal(auth.judge({ app, flashVer }, 5_001).type, 'failed', 'the same answer again');
    assert.equal(logIn(auth, { flashVer }).type, 'passed', 'a new challenge');
  });

  test(`a wrong answer by ${mode} does not use up the challenge of the right one`, () => {
    const auth = newAuth();
    const named = auth.judge({ app: `live?authmod=${mode}&user=encoder`, flashVer }, 0);
    assert.equal(named.type, 'challenge');
    const wrong = { user: 'encoder', password: 'guess' };
    for (const [given, verdict] of [
      [wrong, 'failed'],
      [credentials, 'passed'],
    ] as const) {
      const next = nextAuthAttempt(named.description, { app: 'live', credentials: given }, crypto);
      assert.equal(auth.judge({ app: `live${next}`, flashVer }, 0).type, verdict);
    }
  });
}

test('an answer to another server is no use', () => {
  const { app } = logIn(newAuth());
  assert.equal(newAuth().judge({ app, flashVer: fmle }, 5_000).type, 'failed');
});

test('the words that clients look for are there, and nothing follows the last value', () => {
  const auth = newAuth();
  const asked = auth.judge({ app: 'live', flashVer: fmle }, 0);
  assert.equal(asked.type, 'ask');
  assert.match(asked.description, /code=403 need auth; authmod=adobe/);
  const challenged = auth.judge({ app: 'live?authmod=adobe&user=obs', flashVer: fmle }, 0);
  assert.equal(challenged.type, 'challenge');
  assert.match(
    challenged.description,
    /authmod=adobe .*\?reason=needauth&user=obs&salt=[0-9a-f]+&challenge=[0-9a-z-]+&opaque=[0-9a-z-]+$/,
  );
  const other = auth.judge({ app: 'live?authmod=llnw&user=obs', flashVer: fmle }, 0);
  assert.equal(other.type, 'challenge');
  assert.match(other.description, /authmod=llnw .*\?reason=needauth&user=obs&nonce=[0-9a-z-]+$/);
});

test('nothing that stands behind an app throws', () => {
  const auth = newAuth();
  for (const query of [
    'authmod=adobe',
    'authmod=adobe&user',
    'authmod=adobe&=&&user=',
    'authmod=llnw&user=obs',
    'authmod=llnw&response',
    'authmod=__proto__&user=obs',
    'authmod=&user=obs&response=x',
    '',
  ]) {
    assert.notEqual(auth.judge({ app: `live?${query}`, flashVer: fmle }, 0).type, 'passed', query);
  }
  const named = (user: string) => ({ app: `live?authmod=adobe&user=${user}`, flashVer: fmle });
  assert.equal(auth.judge(named('u'.repeat(81)), 0).type, 'failed');
  const longest = auth.judge(named('u'.repeat(80)), 2 ** 45);
  assert.equal(longest.type, 'challenge');
  // FFmpeg reads 255 bytes. The number of a challenge stands in it twice, here with one digit of five.
  assert.ok(longest.description.length + 2 * 4 < 256, longest.description);
});
