import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestServer } from './test-server.ts';

describe('starting on a port that is taken', () => {
  for (const key of ['rtmp.port', 'http.port', 'rtmps.port', 'https.port'] as const) {
    it(`fails with EADDRINUSE for ${key}, and leaves nothing open behind`, async (t) => {
      const first = await startTestServer(t);
      const taken = key.startsWith('rtmp') ? first.rtmpPort : first.httpPort;
      await assert.rejects(startTestServer(t, { [key]: taken }), { code: 'EADDRINUSE' });
      assert.equal((await fetch(`${first.http}/healthz`)).status, 200, 'the first one goes on');
    });
  }
});
