import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentials, testCrypto as crypto } from '../test/login-kit.ts';
import { adobeAuth, adobeResponse } from './adobe-auth.ts';

test('the answer to a challenge is the one that was worked out by hand', () => {
  const challenge = { salt: 'SALT', opaque: 'OPAQUE' };
  const obs = { user: 'obs', password: 'hunter2' };
  assert.equal(adobeResponse(obs, challenge, '0badcafe', crypto), 'd/fVtR0KGE1ztuXDglBz2Q==');
  const other = { user: 'user', password: 'pass' };
  assert.equal(
    adobeResponse(other, { salt: '/VsA1g==', opaque: 'dS8AAA==' }, 'AAECAw==', crypto),
    '36UJ2TRj7bL5jftWpGQTfA==',
  );
});

for (const [client, salt, opaque, challenge, response] of [
  ['FFmpeg 5.1', '8825bb84', 'mk-1-076f7643ff0cb9a5', 'b2cf3b2c', 'iCYKHDouWvpRRE1ag6l5yA=='],
  ['rtmp2sink 1.22', '8825bb84', '4ow-3-5c661a46cd5b0424', '9e21b696', 'XQaEWDuLmr3pPziuXKUwqA=='],
  ['OBS 29', '0a0c0d77', 'xd-1-87c8cae26ec16e11', 'cVk0FA==', 'QxLYUKfL50arRHwfKBVavw=='],
] as const) {
  test(`what ${client} answered is what is expected`, () => {
    const query = new Map([
      ['opaque', opaque],
      ['challenge', challenge],
    ]);
    assert.deepEqual(adobeAuth.expected({ credentials, app: 'live', query, salt }, crypto), [response]);
  });
}

test('a challenge without opaque is answered from its challenge', () => {
  const query = new Map([
    ['salt', 'SALT'],
    ['challenge', 'OTHER'],
  ]);
  const [, own = '', response] =
    /^challenge=(.*)&response=(.*)&opaque=$/.exec(
      adobeAuth.answer({ credentials, app: 'live', query }, crypto),
    ) ?? [];
  assert.equal(response, adobeResponse(credentials, { salt: 'SALT', opaque: 'OTHER' }, own, crypto));
});
