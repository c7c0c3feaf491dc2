import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogPace, type PacedLine } from './log-pace.ts';

const refusal = (address?: string): PacedLine => ({
  isWarning: true,
  message: 'a login was refused',
  address,
});

describe('Lines of the log', () => {
  it('of one kind and one address are written at a pace, and the next one says how many were left out', () => {
    const pace = new LogPace();
    const written = Array.from({ length: 1000 }, () => pace.take(refusal('192.0.2.1'), 0));
    assert.equal(written.filter((leftOut) => leftOut === 0).length, 60);
    assert.equal(written.filter((leftOut) => leftOut === undefined).length, 940);
    assert.equal(pace.take(refusal('192.0.2.1'), 1_000), 940);
    assert.equal(pace.take(refusal('192.0.2.1'), 2_000), 0);
  });

  it('of others are not drowned by them, nor those of another kind', () => {
    const pace = new LogPace();
    for (let i = 0; i < 1000; i++) pace.take(refusal('192.0.2.1'), 0);
    assert.notEqual(pace.take(refusal('192.0.2.2'), 0), undefined);
    assert.notEqual(pace.take({ ...refusal('192.0.2.1'), code: 'other' }, 0), undefined);
  });

  it('are bounded however many addresses they come from, an IPv6 network being one', () => {
    const pace = new LogPace();
    let written = 0;
    for (let i = 0; i < 5000; i++) {
      if (pace.take(refusal(`10.0.${i >> 8}.${i & 255}`), 0) !== undefined) written++;
    }
    assert.equal(written, 600);
    const other = new LogPace();
    const ofNetwork = Array.from({ length: 200 }, (_, i) => other.take(refusal(`2001:db8::${i + 1}`), 0));
    assert.equal(ofNetwork.filter((leftOut) => leftOut !== undefined).length, 60);
  });

  it('are one kind whatever stands behind the colon, or with the same code', () => {
    const pace = new LogPace();
    let written = 0;
    for (let i = 0; i < 2000; i++) {
      const line = { isWarning: true, message: `protocol error: chunk ${i}`, address: undefined };
      if (pace.take(line, 0) !== undefined) written++;
      if (pace.take({ ...line, message: `${i} is taken`, code: 'key-in-use' }, 0) !== undefined) written++;
    }
    assert.equal(written, 1200);
  });

  it('leave room for an audience that comes at once', () => {
    const pace = new LogPace();
    const joined = { isWarning: false, message: 'viewer joined', address: '192.0.2.1' };
    for (let i = 0; i < 1000; i++) assert.equal(pace.take(joined, 0), 0);
  });
});
