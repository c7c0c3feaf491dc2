import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectGate, type ConnectLimits } from './connect-gate.ts';

const gateWith = (limits: Partial<ConnectLimits>): ConnectGate =>
  new ConnectGate({
    maxConnections: 0,
    maxConnectionsPerAddress: 0,
    maxConnectsPerSecond: 0,
    maxWrongLoginsPerMinute: 0,
    ...limits,
  });

const arrive = (
  gate: ConnectGate,
  { address = '10.0.0.1', answersLogin = false, nowMs = 0, open = 1, ofAddress = 1 } = {},
) => gate.judge({ address, answersLogin, nowMs, open, countOfAddress: () => ofAddress })?.limit;

describe('The gate for RTMP connections', () => {
  it('lets everybody in when nothing is limited', () => {
    const gate = gateWith({});
    for (let i = 0; i < 10_000; i++) gate.noteWrongLogin('10.0.0.1', 0);
    assert.equal(arrive(gate, { open: 1e6, ofAddress: 1e6, answersLogin: true }), undefined);
    assert.equal(gate.isShut(1e6), false);
  });

  it('holds connections in all, and of an address, at the limit', () => {
    const gate = gateWith({ maxConnections: 10, maxConnectionsPerAddress: 5 });
    assert.equal(arrive(gate, { open: 10, ofAddress: 5 }), undefined);
    assert.equal(arrive(gate, { open: 11, ofAddress: 5 }), 'maxConnections');
    assert.equal(arrive(gate, { open: 10, ofAddress: 6 }), 'maxConnectionsPerAddress');
    assert.deepEqual(
      [73, 74].map((open) => gate.isShut(open)),
      [false, true],
    );
  });

  it('lets an address connect so often a second, and 20 times as often at once', () => {
    const gate = gateWith({ maxConnectsPerSecond: 10 });
    for (let i = 0; i < 200; i++) assert.equal(arrive(gate), undefined);
    assert.equal(arrive(gate), 'maxConnectsPerSecond');
    assert.equal(arrive(gate, { address: '10.0.0.2' }), undefined);
    for (let nowMs = 100; nowMs < 60_000; nowMs += 100) assert.equal(arrive(gate, { nowMs }), undefined);
    assert.equal(arrive(gate, { nowMs: 59_950 }), 'maxConnectsPerSecond');
  });

  it('lets a farm of 1000 encoders behind one address in at once, each of them with the steps of a login', () => {
    const gate = gateWith({ maxConnectsPerSecond: 200, maxWrongLoginsPerMinute: 120 });
    let refused = 0;
    for (let i = 0; i < 3000; i++) if (arrive(gate, { nowMs: i })) refused++;
    assert.equal(refused, 0);
  });

  it('looks at no login from an address with too many wrong ones, and lets everything else of it in', () => {
    const gate = gateWith({ maxWrongLoginsPerMinute: 60 });
    for (let i = 0; i < 59; i++) gate.noteWrongLogin('10.0.0.1', 0);
    assert.equal(arrive(gate, { answersLogin: true }), undefined);
    gate.noteWrongLogin('10.0.0.1', 0);
    assert.equal(arrive(gate, { answersLogin: true }), 'maxWrongLoginsPerMinute');
    assert.equal(arrive(gate, { answersLogin: false }), undefined);
    assert.equal(arrive(gate, { answersLogin: true, address: '10.0.0.2' }), undefined);
    assert.equal(arrive(gate, { answersLogin: true, nowMs: 1_000 }), undefined);
  });
});
