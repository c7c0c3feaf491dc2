import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import type { EndReason } from '../hub/sink.ts';
import type { Protocol } from '../hub/snapshot.ts';
import { aSession, aStream, FakeHub } from '../test/fake-hub.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { WorkerStatus } from './server-load.ts';

let hub: FakeHub;
let metrics: Metrics;
beforeEach(() => {
  hub = new FakeHub();
  metrics = createMetrics({ hub, version: '1.2.3' });
});
afterEach(() => metrics.close());

async function readSeries(series: string): Promise<string | undefined> {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line?.slice(series.length + 1);
}

it('every name has the prefix, and every counter ends with _total', async () => {
  const types = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  assert(types.length > 30);
  for (const [, name = '', type] of types) {
    assert.match(name, /^sluice_/);
    if (type === 'counter') assert.match(name, /_total$/);
  }
});

it('totals are read from the hub at each scrape and do not add up twice', async () => {
  hub.totalsNow = {
    ...hub.totalsNow,
    bytesIn: 100,
    droppedVideo: 4,
    viewers: { rtmp: 1, 'http-flv': 2, 'ws-flv': 3 },
  };
  await metrics.text();
  assert.equal(await readSeries('sluice_received_bytes_total'), '100');
  hub.totalsNow = { ...hub.totalsNow, bytesIn: 150 };
  assert.equal(await readSeries('sluice_received_bytes_total'), '150');
  assert.equal(await readSeries('sluice_dropped_frames_total{kind="video"}'), '4');
  assert.equal(await readSeries('sluice_viewers{protocol="ws-flv"}'), '3');
});

it('figures of a stream go when it goes', async () => {
  hub.publish(aStream({ frameRate: null }));
  assert.equal(await readSeries('sluice_stream_viewers{stream="live/main",protocol="ws-flv"}'), '2');
  assert.equal(await readSeries('sluice_stream_keyframe_interval_seconds{stream="live/main"}'), '2');
  assert.equal(await readSeries('sluice_stream_frame_rate{stream="live/main"}'), undefined);
  hub.end('live/main');
  assert.doesNotMatch(await metrics.text(), /live\/main/);
});

it('connections, handshakes, refusals and broken protocols are counted', async () => {
  metrics.rtmpConnectionOpened();
  metrics.rtmpConnectionOpened();
  metrics.rtmpConnectionClosed();
  metrics.countHandshake('digest');
  metrics.countRefusal('key-in-use');
  metrics.countProtocolError('too-large');
  assert.equal(await readSeries('sluice_rtmp_connections_total'), '2');
  assert.equal(await readSeries('sluice_rtmp_connections'), '1');
  assert.equal(await readSeries('sluice_rtmp_handshakes_total{kind="digest"}'), '1');
  assert.equal(await readSeries('sluice_refusals_total{code="key-in-use"}'), '1');
  assert.equal(await readSeries('sluice_protocol_errors_total{code="too-large"}'), '1');
});

it('viewers who left are counted by why, and our own processes are not among them', async () => {
  const session = aSession({ role: 'viewer', protocol: 'ws-flv' });
  const leave = (reason: EndReason, protocol: Protocol = 'ws-flv') =>
    hub.emit({ type: 'viewer-left', stream: 'live/main', session: { ...session, protocol }, reason });
  leave('overloaded');
  leave('overloaded');
  leave('disconnected');
  leave('disconnected', 'relay');
  assert.equal(await readSeries('sluice_viewers_left_total{reason="overloaded"}'), '2');
  assert.equal(await readSeries('sluice_viewers_left_total{reason="disconnected"}'), '1');
});

it('the load of each process is read at each scrape, and a worker that is gone is not shown', async () => {
  const worker = { worker: 1, viewers: 7, utilization: 0.5, paceMs: 50, full: true };
  const load = { utilization: 0.25, paceMs: 100, full: false, overloaded: true, workerCrashes: 2 };
  let workers: WorkerStatus[] = [{ ...worker, residentBytes: 1_000, cpuSeconds: 3 }];
  metrics.watchLoad(() => ({ ...load, workers }));
  assert.equal(await readSeries('sluice_event_loop_utilization'), '0.25');
  assert.equal(await readSeries('sluice_delivery_pace_seconds'), '0.1');
  assert.equal(await readSeries('sluice_overloaded'), '1');
  assert.equal(await readSeries('sluice_worker_crashes_total'), '2');
  assert.equal(await readSeries('sluice_worker_viewers{worker="1"}'), '7');
  assert.equal(await readSeries('sluice_worker_delivery_pace_seconds{worker="1"}'), '0.05');
  assert.equal(await readSeries('sluice_worker_full{worker="1"}'), '1');
  workers = [];
  assert.equal(await readSeries('sluice_workers'), '0');
  assert.equal(await readSeries('sluice_worker_viewers{worker="1"}'), undefined);
});

it('two servers in one process count apart', async () => {
  const other = createMetrics({ hub, version: '1.2.3' });
  other.countRefusal('kicked');
  other.close();
  assert.equal(await readSeries('sluice_refusals_total{code="kicked"}'), undefined);
});
