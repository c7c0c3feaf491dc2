import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClockFault, ClockFaultKind } from './clock-fault.ts';
import { clockWarnings } from './clock-warnings.ts';
import type { ClockState } from './timestamp-aligner.ts';

const NOW_MS = 100_000;

const fault = (kind: ClockFaultKind, changes: Partial<ClockFault> = {}): ClockFault => ({
  kind,
  times: 1,
  sinceMs: NOW_MS,
  rate: null,
  ...changes,
});
const said = (state: Partial<ClockState>): string[] =>
  clockWarnings({ audio: undefined, video: undefined, lateMs: 0, ...state }, NOW_MS).map(
    ({ code, message }) => `${code}: ${message}`,
  );

describe('Warnings about clocks', () => {
  it('are none while nothing is wrong', () => {
    assert.deepEqual(said({ lateMs: 2_900 }), []);
  });

  it('say what is wrong with one track, or with both at once', () => {
    const restarts = fault('restarts', { times: 12, sinceMs: NOW_MS - 11_000 });
    const [one] = said({ video: restarts });
    assert.equal(
      one,
      'clock-restarts: The timestamps of the picture went back 12 times in 11 s and started again. Viewers are given times that go on.',
    );
    const both = said({ video: restarts, audio: fault('restarts') });
    assert.equal(both.length, 1);
    assert.match(both[0] ?? '', /^clock-restarts: The timestamps of sound and picture went back 12 times/);
    assert.equal(said({ video: restarts, audio: fault('frozen') }).length, 2);
  });

  it('name the unit that the numbers look like', () => {
    for (const [rate, words] of [
      [1_003, /1003 times as fast as time: they look like microseconds\./],
      [89.7, /90 times as fast as time: they look like ticks of 90 kHz\./],
      [0.001, /0\.0010 times as fast as time: they look like seconds\./],
      [2, /2\.0 times as fast as time\. Viewers/],
      [0.5, /0\.50 times as fast as time\. Viewers/],
    ] as const) {
      assert.match(said({ audio: fault(rate < 1 ? 'slow' : 'fast', { rate }) })[0] ?? '', words);
    }
    assert.match(said({ audio: fault('fast') })[0] ?? '', /run faster than time\./);
  });

  it('have words and advice for each fault', () => {
    const kinds: ClockFaultKind[] = [
      'restarts',
      'jumps',
      'frozen',
      'backwards',
      'fast',
      'slow',
      'apart',
      'late',
    ];
    const warnings = kinds.map(
      (kind) => clockWarnings({ audio: fault(kind), video: undefined, lateMs: 0 }, NOW_MS)[0],
    );
    assert.equal(new Set(warnings.map((warning) => warning?.message)).size, kinds.length);
    assert.ok(warnings.every((warning) => warning?.advice.endsWith('.')));
  });

  it('tell a line that is too slow from a clock that is wrong', () => {
    assert.match(said({ lateMs: 7_400 })[0] ?? '', /^stream-late: The stream arrives 7 s late\./);
  });
});
