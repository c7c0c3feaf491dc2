import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.ts';
import { median, medianOf, ratio } from './statistics.ts';

test('the median is the middle value, or the mean of the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
});

test('the median leaves out what was not measured and is undefined when nothing was', () => {
  assert.equal(median([undefined, 5, Number.NaN, 1, 3]), 3);
  assert.equal(median([undefined]), undefined);
  assert.equal(
    medianOf([{ cost: 10 }, { cost: 9 }, { cost: 100 }], ({ cost }) => cost),
    10,
  );
});

test('a ratio to nothing is undefined, not infinite', () => {
  assert.equal(ratio(3, 2), 1.5);
  assert.equal(ratio(3, 0), undefined);
  assert.equal(ratio(undefined, 2), undefined);
});

test('a percentile is within 1.6 % of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
      (durationsUs, share) => {
        const histogram = new LatencyHistogram();
        for (const durationUs of durationsUs) histogram.add(durationUs);
        const sorted = durationsUs.toSorted((a, b) => a - b);
        const exactUs = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
        const foundUs = histogram.percentileMs(share)! * 1000;
        assert.ok(Math.abs(foundUs - exactUs) <= exactUs * 0.016, `${foundUs} for ${exactUs}`);
      },
    ),
  );
});

test('two histograms that are merged are one of all durations', () => {
  const [low, high, all] = [new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram()];
  for (let us = 0; us < 1000; us++) {
    (us < 500 ? low : high).add(us * 10);
    all.add(us * 10);
  }
  low.merge(new LatencyHistogram(high.counts));
  assert.equal(low.total, 1000);
  assert.deepEqual(low.counts, all.counts);
});

test('a histogram holds negative and endless durations at its ends, and none at all has no percentile', () => {
  const histogram = new LatencyHistogram();
  assert.equal(histogram.percentileMs(0.5), undefined);
  histogram.add(-5);
  histogram.add(2 ** 50);
  assert.equal(histogram.percentileMs(0.5), 0);
  assert.ok(histogram.percentileMs(1)! > 1_000_000);
});
