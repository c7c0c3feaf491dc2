import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { aStream, FakeHub } from '../test/fake-hub.ts';
import { createMetrics, type Metrics } from './metrics.ts';

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

it('two servers in one process count apart', async () => {
  const other = createMetrics({ hub, version: '1.2.3' });
  other.countRefusal('kicked');
  other.close();
  assert.equal(await readSeries('sluice_refusals_total{code="kicked"}'), undefined);
});
