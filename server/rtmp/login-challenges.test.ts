import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCrypto as crypto } from '../test/login-kit.ts';
import { LoginChallenges } from './login-challenges.ts';

test('a challenge is open for a minute, and not before it was made', () => {
  const challenges = new LoginChallenges(crypto);
  const token = challenges.make(5_000);
  assert.equal(challenges.isOpen(token, 4_999), false);
  assert.equal(challenges.isOpen(token, 5_000), true);
  assert.equal(challenges.isOpen(token, 65_000), true);
  assert.equal(challenges.isOpen(token, 65_001), false);
});

test('two challenges of the same moment are two, and the use of one leaves the other open', () => {
  const challenges = new LoginChallenges(crypto);
  const [one, other] = [challenges.make(0), challenges.make(0)];
  assert.notEqual(one, other);
  challenges.use(one, 0);
  assert.equal(challenges.isOpen(one, 0), false);
  assert.equal(challenges.isOpen(other, 0), true);
});

test('a used challenge stays used for as long as it would have been open', () => {
  const challenges = new LoginChallenges(crypto);
  const token = challenges.make(0);
  challenges.use(token, 0);
  for (let ms = 1_000; ms <= 60_000; ms += 1_000) {
    challenges.use(challenges.make(ms), ms);
    assert.equal(challenges.isOpen(token, ms), false, `${ms} ms`);
  }
});

test('more uses than are remembered close what came before, rather than open it again', () => {
  const challenges = new LoginChallenges(crypto);
  const waiting = challenges.make(0);
  const used = Array.from({ length: 3_000 }, () => {
    const token = challenges.make(0);
    challenges.use(token, 0);
    return token;
  });
  assert.ok(used.every((token) => !challenges.isOpen(token, 0)));
  assert.equal(challenges.isOpen(waiting, 0), false, 'made before those that are no longer known');
  assert.equal(challenges.isOpen(challenges.make(0), 0), true);
});

test('what somebody else made, or changed, is not open', () => {
  const challenges = new LoginChallenges(crypto);
  const token = challenges.make(1_000);
  assert.equal(new LoginChallenges(crypto).isOpen(token, 1_000), false);
  const [time = '', number = '', seal = ''] = token.split('-');
  for (const other of [
    '',
    '-',
    '--',
    `0${token}`,
    token.slice(0, -1),
    `${token}0`,
    token.toUpperCase(),
    `${time}-${number}1-${seal}`,
    `1${time}-${number}-${seal}`,
    `${time}-${number}`,
    `${time}-${number}-`,
  ]) {
    assert.equal(challenges.isOpen(other, 1_000), false, other);
  }
});
