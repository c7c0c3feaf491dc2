import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionSnapshot } from '../hub/snapshot.ts';
import { packFigures, WorkerLedger } from './worker-ledger.ts';
import type { WorkerReport } from './worker-message.ts';

const session = (id: string, changes: Partial<SessionSnapshot> = {}): SessionSnapshot => ({
  id,
  protocol: 'http-flv',
  address: '10.0.0.1',
  userAgent: null,
  role: 'viewer',
  stream: 'live/a',
  sinceMs: 0,
  bytesIn: 0,
  bytesOut: 0,
  canReconnect: false,
  encoder: null,
  queuedBytes: 0,
  droppedVideo: 0,
  droppedAudio: 0,
  ...changes,
});

function report(
  bytesOut: number,
  sessions: readonly SessionSnapshot[] = [],
  stream = 'live/a',
): WorkerReport {
  return {
    type: 'report',
    streams: [{ name: stream, kbpsOut: 8, bytesOut }],
    sessions: packFigures(sessions),
    counters: { bytesOut, droppedVideo: 1, droppedAudio: 0 },
    queuedBytes: 0,
    load: { utilization: 0, paceMs: 0, full: false, residentBytes: 1, cpuSeconds: 1 },
  };
}

const join = (ledger: WorkerLedger, one: SessionSnapshot) =>
  ledger.takeEvent({ type: 'viewer-joined', stream: one.stream, session: one });

describe('WorkerLedger', () => {
  it('knows who watches without a report, by stream and protocol', () => {
    const ledger = new WorkerLedger();
    join(ledger, session('one'));
    join(ledger, session('two', { protocol: 'ws-flv' }));
    join(ledger, session('three', { stream: 'live/b' }));
    assert.deepEqual(ledger.ofStream('live/a').viewers, { rtmp: 0, 'http-flv': 1, 'ws-flv': 1 });
    ledger.takeEvent({ type: 'viewer-left', stream: 'live/a', session: session('one'), reason: 'kicked' });
    assert.deepEqual(ledger.viewers, { rtmp: 0, 'http-flv': 1, 'ws-flv': 1 });
    assert.deepEqual(
      ledger.sessions.map(({ id }) => id),
      ['two', 'three'],
    );
    assert.equal(ledger.viewsTotal, 3);
  });

  it('has the figures of the last report, and none of viewers who have left since it was written', () => {
    const ledger = new WorkerLedger();
    join(ledger, session('one'));
    const figures = { bytesOut: 5e12, queuedBytes: 7, droppedVideo: 2, droppedAudio: 1 };
    ledger.takeReport(report(5e12, [session('gone'), session('one', figures)]));
    assert.deepEqual(ledger.sessions, [session('one', figures)]);
  });

  it('never counts down when a worker lets go of a stream, dies, and another one begins', () => {
    const ledger = new WorkerLedger();
    const sent = () => [ledger.counters.bytesOut, ledger.ofStream('live/a').bytesOut];
    ledger.takeReport(report(100));
    ledger.takeReport({ ...report(100), streams: [] });
    assert.deepEqual(sent(), [100, 100]);
    ledger.takeReport({ ...report(130), streams: [{ name: 'live/a', kbpsOut: 8, bytesOut: 30 }] });
    assert.deepEqual(sent(), [130, 130]);
    join(ledger, session('one'));
    assert.deepEqual(
      ledger.bury().map(({ id }) => id),
      ['one'],
    );
    assert.deepEqual([sent(), ledger.size, ledger.report], [[130, 130], 0, undefined]);
    ledger.takeReport(report(10));
    assert.deepEqual(sent(), [140, 140]);
    assert.equal(ledger.counters.droppedVideo, 2);
    assert.equal(ledger.viewsTotal, 1);
  });

  it('starts a stream from nothing when the one before it of that name is over', () => {
    const ledger = new WorkerLedger();
    ledger.takeReport(report(100));
    ledger.takeReport({ ...report(100), streams: [] });
    ledger.forget('live/a');
    assert.equal(ledger.ofStream('live/a').bytesOut, 0);
    assert.equal(ledger.counters.bytesOut, 100);
  });
});
