import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionDeadlines, type Doing } from './connection-deadlines.ts';

const timeouts = { handshakeMs: 10_000, idleMs: 30_000, pingMs: 90_000 };
const nothing: Doing = { handshaken: true, publishing: false, playing: false };
const open = () => new ConnectionDeadlines(timeouts, 1_000);

describe('ConnectionDeadlines', () => {
  it('give a handshake its time from accept on, whatever comes', () => {
    const deadlines = open();
    deadlines.heard(10_999);
    assert.equal(deadlines.next(10_999, { ...nothing, handshaken: false }), undefined);
    assert.deepEqual(deadlines.next(11_000, { ...nothing, handshaken: false }), {
      type: 'time-out',
      afterMs: 10_000,
      limit: 'handshakeTimeout',
    });
  });

  it('end who has neither published nor played for a while', () => {
    const deadlines = open();
    assert.equal(deadlines.next(30_999, nothing), undefined);
    assert.equal(deadlines.next(31_000, { ...nothing, publishing: true }), undefined);
    assert.equal(deadlines.next(60_999, nothing), undefined);
    const due = deadlines.next(61_000, nothing);
    assert.equal(due?.type === 'time-out' && due.limit, 'idleTimeout');
  });

  it('ask a player three times whether it is there, and end it when it says nothing', () => {
    const deadlines = open();
    const playing = { ...nothing, playing: true };
    const seen: string[] = [];
    for (let nowMs = 1_000; nowMs <= 91_000; nowMs += 500) {
      const due = deadlines.next(nowMs, playing);
      if (due) seen.push(due.type === 'ping' ? `ping ${due.number}` : due.limit);
    }
    assert.deepEqual(seen, ['ping 30000', 'ping 60000', 'pingTimeout']);
    deadlines.heard(91_000);
    assert.deepEqual(deadlines.next(91_000, playing), { type: 'ping', number: 90_000 });
  });

  it('leave a silent publisher to its own limit', () => {
    const publishing = { ...nothing, publishing: true };
    assert.equal(open().next(10_000_000, publishing), undefined);
  });
});
