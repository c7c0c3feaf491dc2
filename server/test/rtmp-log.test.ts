import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

describe('The log of a connection says at level debug', () => {
  it('what was negotiated, without what follows a question mark', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort, {
      tcUrl: 'rtmp://host/live?token=hush',
      objectEncoding: 3,
      capsEx: 3,
      fourCcList: ['hvc1'],
    });
    const line = await server.logged('connect granted');
    assert.equal(line.handshake, 'simple');
    assert.equal(line.tcUrl, 'rtmp://host/live?...');
    assert.equal(line.objectEncoding, 3);
    assert.deepEqual([line.outChunkSize, line.ackWindow], [60_000, 5_000_000]);
    const { capsEx, fourCcList } = line.enhanced as { capsEx: number; fourCcList: string[] };
    assert.deepEqual([capsEx, fourCcList], [3, ['hvc1']]);
    dial.socket.destroy();
  });

  it('at its end how it was used', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.send({ typeId: 8, messageStreamId: 1, body: Uint8Array.of(0xaf) });
    await dial.roundTrip();
    dial.socket.end();
    const line = await server.logged('closed');
    // connect, createStream, sound without a publish, ping.
    assert.deepEqual([line.messages, line.droppedMedia, line.abandonedMessages], [4, 1, 0]);
    assert.deepEqual([line.inChunkSize, line.peerAckWindow, line.bytesAcknowledged], [128, null, 0]);
    assert.equal((line.chunksByFmt as number[]).length, 4);
  });
});
