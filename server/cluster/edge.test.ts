import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { Hub } from '../hub/hub.ts';
import type { EndReason } from '../hub/sink.ts';
import { httpFlvContainer } from '../output/flv-container.ts';
import { encodeRelayEnd } from '../output/relay-end.ts';
import { FakeSink, testLimits } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';
import { Edge } from './edge.ts';
import { relayHeader } from './origin-pull.ts';

const SECRET = 'a secret of the server';

const opening: FlvTag[] = [
  { kind: 'video', timestampMs: 0, body: bodies.videoConfig },
  { kind: 'audio', timestampMs: 0, body: bodies.audioConfig },
  { kind: 'video', timestampMs: 0, body: bodies.keyframe },
  { kind: 'audio', timestampMs: 5, body: bodies.audio },
];

/** Waits until the condition holds, looking after each turn of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** An origin whose answers the test writes, and an edge on a clock that the test moves. */
async function world(t: TestContext, status = 200) {
  const requests: { request: IncomingMessage; response: ServerResponse; open: boolean }[] = [];
  const server = createServer((request, response) => {
    const one = { request, response, open: true };
    requests.push(one);
    response.on('close', () => {
      one.open = false;
    });
    response.writeHead(status, { connection: 'close' });
    if (status === 200) response.write(encodeFlvHeader({ audio: true, video: true }));
    else response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = new ManualClock();
  const hub = new Hub({ ...testLimits, publisherTimeoutMs: Number.POSITIVE_INFINITY }, clock);
  t.after(() => {
    // An edge that has viewers would ask for ever.
    hub.drain();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const edge = new Edge(hub, { host: '127.0.0.1', port, secret: SECRET });
  let ids = 0;
  const watch = () => {
    const sink = new FakeSink();
    const peer = { id: `c${++ids}`, protocol: 'http-flv', address: '10.0.0.1', userAgent: null } as const;
    const viewing = edge.watch('live/a', { peer, container: httpFlvContainer, sink });
    return { sink, leave: () => viewing?.leave() };
  };
  const send = (tags: readonly FlvTag[]) => requests.at(-1)?.response.write(encodeFlvTags(tags));
  const end = (reason: EndReason) => requests.at(-1)?.response.end(encodeRelayEnd(reason, SECRET));
  const advance = (ms: number) => {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(50);
      edge.tick();
    }
  };
  return { requests, watch, send, end, advance, hub };
}

describe('Edge', () => {
  it('asks its origin when the first viewer comes, once for all of them, with the secret', async (t) => {
    const { requests, watch, send } = await world(t);
    const viewers = [watch(), watch(), watch()];
    await until(() => requests.length > 0);
    send(opening);
    await until(() => viewers.every(({ sink }) => sink.writes > 0));
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.request.url, '/live/a.flv');
    assert.equal(requests[0]?.request.headers[relayHeader], SECRET);
    for (const { sink } of viewers) assert.equal(sink.flv.tags.length, 4);
  });

  it('lets go of a stream five seconds after its last viewer, and not while somebody comes back', async (t) => {
    const { requests, watch, send, advance, hub } = await world(t);
    const viewers = [watch(), watch()];
    await until(() => requests.length > 0);
    send(opening);
    await until(() => viewers.every(({ sink }) => sink.writes > 0));
    viewers[0]?.leave();
    advance(6_000);
    viewers[1]?.leave();
    advance(4_000);
    const back = watch();
    assert.equal(back.sink.flv.tags.length, 4, 'it was warm');
    advance(6_000);
    back.leave();
    advance(4_900);
    assert.equal(hub.isLive('live/a'), true);
    advance(200);
    assert.equal(hub.isLive('live/a'), false);
    await until(() => requests[0]?.open === false);
    assert.equal(requests.length, 1);
  });

  it('holds its viewers and fetches the stream again when the line to the origin is cut', async (t) => {
    const { requests, watch, send } = await world(t);
    const { sink } = watch();
    await until(() => requests.length > 0);
    send(opening);
    await until(() => sink.writes > 0);
    requests[0]?.response.destroy();
    await until(() => requests.length > 1);
    assert.equal(sink.ended, undefined);
    send(opening);
    await until(() => sink.writes > 1);
    const times = sink.flv.tags.filter(({ kind }) => kind === 'video').map(({ timestampMs }) => timestampMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('fetches it again as well when the origin ends a line that ends without a reason', async (t) => {
    const { requests, watch, send } = await world(t);
    const { sink } = watch();
    await until(() => requests.length > 0);
    send(opening);
    await until(() => sink.writes > 0);
    requests[0]?.response.end();
    await until(() => requests.length > 1);
    assert.equal(sink.ended, undefined);
  });

  for (const reason of ['stream-ended', 'kicked', 'draining'] as const) {
    it(`tells its viewers what the origin says: ${reason}`, async (t) => {
      const { requests, watch, send, end } = await world(t);
      const { sink } = watch();
      await until(() => requests.length > 0);
      send(opening);
      await until(() => sink.writes > 0);
      end(reason);
      await until(() => sink.ended !== undefined);
      assert.equal(sink.ended, reason);
      assert.equal(sink.flv.tags.length, 4, 'the reason is no media');
      assert.equal(requests.length, 1);
    });
  }

  it('takes no publisher’s data for such a reason', async (t) => {
    const { requests, watch, send } = await world(t);
    const { sink } = watch();
    await until(() => requests.length > 0);
    const data = new TextEncoder().encode('not the secret at all: kicked');
    send([
      ...opening,
      { kind: 'data', timestampMs: 10, body: data },
      { kind: 'video', timestampMs: 40, body: bodies.interframe },
    ]);
    await until(() => sink.writes > 0 && sink.flv.tags.length === 6);
    assert.equal(sink.ended, undefined);
  });

  it('ends its viewers when the origin has no such stream', async (t) => {
    const { watch } = await world(t, 404);
    const { sink } = watch();
    await until(() => sink.ended !== undefined);
    assert.equal(sink.ended, 'stream-ended');
  });

  it('takes the longest message that the origin may be set to take', async (t) => {
    const { requests, watch, send } = await world(t);
    const { sink } = watch();
    await until(() => requests.length > 0);
    const frame = new Uint8Array(16_000_000);
    frame.set(bodies.interframe.subarray(0, 5));
    send([...opening, { kind: 'video', timestampMs: 40, body: frame }]);
    await until(() => sink.parts.reduce((sum, { length }) => sum + length, 0) > frame.length);
    assert.equal(sink.ended, undefined);
  });
});
