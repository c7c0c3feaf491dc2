import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { AuthCrypto } from '../rtmp/auth-mode.ts';
import { nextAuthAttempt, type PublisherAuth } from '../rtmp/publisher-auth.ts';

let drawn = 0;

/** Real hashes; what is drawn is different each time, and the same in each run. */
export const testCrypto: AuthCrypto = {
  md5: (data) => createHash('md5').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  randomBytes: (length) => new Uint8Array(length).fill(++drawn),
};

export const credentials = { user: 'encoder', password: 'hush-hush' };

/** What OBS and FFmpeg say that they are, and GStreamer's rtmpsink, which says nothing. */
export const fmle = 'FMLE/3.0 (compatible; FMSc/1.0)';
export const nameless = '';

/** Goes through the steps as an encoder does, and gives the last app and what became of it. */
export function logIn(
  auth: PublisherAuth,
  { given = credentials, app = 'live', elapsedMs = 0, flashVer = fmle } = {},
) {
  let current = app;
  for (let attempt = 0; ; attempt++) {
    const verdict = auth.judge({ app: current, flashVer }, 5_000 + attempt * elapsedMs);
    if (verdict.type === 'passed' || verdict.type === 'failed') return { app: current, type: verdict.type };
    const next = nextAuthAttempt(verdict.description, { app, credentials: given }, testCrypto);
    assert.ok(next !== undefined && attempt < 2, verdict.description);
    current = app + next;
  }
}
