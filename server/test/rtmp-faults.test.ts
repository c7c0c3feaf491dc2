import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Sink } from '../hub/sink.ts';
import { httpFlvContainer } from '../output/flv-container.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { FakeSink } from './hub-harness.ts';
import { bodies } from './media-fixtures.ts';
import { startListener } from './rtmp-listening.ts';

/** A line that breaks in a way that nobody foresaw. */
class BrokenSink extends FakeSink {
  override write(): void {
    throw new TypeError('nobody foresaw this');
  }
}

/** Publishes a stream, and lets somebody watch it. */
async function publish(listening: Awaited<ReturnType<typeof startListener>>, key: string, sink: Sink) {
  const { hub, port } = listening;
  const client = await RtmpPublisherClient.open({ host: '127.0.0.1', port, app: 'live', key });
  const peer = { id: key, protocol: 'http-flv', address: '::1', userAgent: null } as const;
  assert.ok(hub.watch(`live/${key}`, { peer, container: httpFlvContainer, sink }));
  return client;
}

function sendKeyframe(client: RtmpPublisherClient): void {
  client.send('video', 0, bodies.videoConfig);
  client.send('audio', 0, bodies.audioConfig);
  client.send('video', 0, bodies.keyframe);
  client.flush();
}

for (const [when, paceMs] of [
  ['while it is read', 0],
  ['later, when nobody reads', 100],
] as const) {
  it(`What breaks over a stream, ${when}, ends its connection in words, and no other`, async (t) => {
    const listening = await startListener(t);
    const { hub, clock, told } = listening;
    const healthySink = new FakeSink();
    const healthy = await publish(listening, 'healthy', healthySink);
    const broken = await publish(listening, 'broken', new BrokenSink());
    // The first delivery is made at once; those after it wait for the pace.
    hub.paceMs = paceMs;
    for (const client of [broken, healthy]) sendKeyframe(client);
    while (hub.stream('live/broken')?.state !== 'interrupted' || healthySink.parts.length === 0) {
      clock.advance(100);
      hub.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(
      (await broken.closed)?.message,
      'The server made a mistake. The server log has the details under this request id.',
    );
    assert.ok(told.includes('internal'));
    assert.equal(hub.stream('live/healthy')?.state, 'live');
    await healthy.cut();
  });
}
