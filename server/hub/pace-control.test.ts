import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PaceControl } from './pace-control.ts';

/** The decision after so many samples of the same load. */
function after(control: PaceControl, samples: number, utilization: number) {
  let decision = control.sample(utilization);
  for (let i = 1; i < samples; i++) decision = control.sample(utilization);
  return decision;
}

describe('PaceControl', () => {
  it('sends every picture at once while there is time', () => {
    assert.deepEqual(after(new PaceControl(100), 100, 0.59), { paceMs: 0, full: false, shed: false });
  });

  it('widens step by step as the process fills, and not for a single busy moment', () => {
    const control = new PaceControl(100);
    assert.equal(after(control, 2, 0.99).paceMs, 0);
    assert.equal(after(control, 1, 0.2).paceMs, 0);
    assert.equal(after(control, 3, 0.7).paceMs, 50);
    assert.equal(after(control, 50, 0.7).paceMs, 50);
    assert.equal(after(control, 3, 0.8).paceMs, 100);
    assert.equal(after(control, 50, 0.8).paceMs, 100);
  });

  it('narrows again only after a while of rest', () => {
    const control = new PaceControl(100);
    after(control, 6, 0.8);
    assert.equal(after(control, 50, 0.55).paceMs, 100, 'neither busy nor at rest: it stays');
    assert.equal(after(control, 2, 0.1).paceMs, 100);
    assert.equal(after(control, 1, 0.1).paceMs, 50);
    assert.equal(after(control, 3, 0.1).paceMs, 0);
  });

  it('keeps to the widest pace that the operator allows', () => {
    assert.equal(after(new PaceControl(0), 20, 0.9).paceMs, 0);
    assert.equal(after(new PaceControl(50), 20, 0.9).paceMs, 50);
  });

  it('refuses newcomers when nothing is left to widen, and lets the slowest go only after that', () => {
    const control = new PaceControl(100);
    assert.deepEqual(after(control, 14, 0.99), { paceMs: 100, full: false, shed: false });
    assert.deepEqual(after(control, 1, 0.99), { paceMs: 100, full: true, shed: false });
    assert.deepEqual(after(control, 10, 0.99), { paceMs: 100, full: true, shed: true });
    assert.deepEqual(after(control, 1, 0.8), { paceMs: 100, full: false, shed: false });
  });
});
