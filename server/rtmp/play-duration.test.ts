import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playDurationMs } from './play-duration.ts';

for (const [who, start, duration, expected] of [
  ['rtmpdump -v -B 4', -1000, 4000, 4000],
  ['Flash, live or recorded for 4 s', -2000, 4000, 4000],
  ['the specification, live only', -1, 4, 4000],
  ['the specification, live or recorded', -2, 0.5, 500],
] as const) {
  test(`the start tells the unit of the duration: ${who}`, () => {
    assert.equal(playDurationMs(start, duration), expected);
  });
}

for (const [what, start, duration] of [
  ['for ever, in seconds', -2, -1],
  ['for ever, in milliseconds', -2000, -1000],
  ['nothing', undefined, undefined],
  ['a start alone', -2000, undefined],
  ['a duration without a start', undefined, 4000],
  ['a position: its unit is not known (rtmpdump without -v writes 0)', 0, 4000],
  ['a position in a recording', 30, 10],
  ['a start that means nothing', -5, 10],
  ['a single picture', -2, 0],
  ['no number', -2, Number.NaN],
  ['an endless number', -2, Number.POSITIVE_INFINITY],
] as const) {
  test(`no limit for ${what}`, () => {
    assert.equal(playDurationMs(start, duration), undefined);
  });
}
