import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

describe('RTMP clients of a server that stops', () => {
  for (const [what, properties, expected] of [
    [
      'who can reconnect are asked to, before the end',
      { capsEx: 1 },
      ['onStatus NetConnection.Connect.ReconnectRequest', 'onStatus NetStream.Failed'],
    ],
    ['who cannot are only ended', { fourCcList: ['*'] }, ['onStatus NetStream.Failed']],
  ] as const) {
    it(what, async (t) => {
      const server = await startTestServer(t);
      const encoder = await RtmpDial.connected(server.rtmpPort, properties);
      encoder.command(1, 'publish', 3, null, 'a', 'live');
      await encoder.status('NetStream.Publish.Start');
      const before = encoder.told.length;
      await server.close();
      await encoder.untilEnded();
      assert.deepEqual(encoder.told.slice(before), expected);
    });
  }
});
