import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubHarness, testLimits } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';
import { CacheBudget, type CacheHolder } from './cache-budget.ts';

class Holder implements CacheHolder {
  keptBytes: number;
  sheds = 0;

  constructor(keptBytes: number) {
    this.keptBytes = keptBytes;
  }

  shed(): void {
    this.sheds++;
    this.keptBytes = 0;
  }
}

describe('CacheBudget', () => {
  it('leaves a large stream alone while there is room', () => {
    const budget = new CacheBudget(100);
    const large = new Holder(90);
    budget.report(large);
    budget.report(new Holder(10));
    assert.equal(large.sheds, 0);
    assert.equal(budget.bytes, 100);
  });

  it('has those give back who keep more than their share, and nobody else', () => {
    const budget = new CacheBudget(100);
    const [large, small] = [new Holder(90), new Holder(40)];
    for (const holder of [large, small, small, large]) budget.report(holder);
    assert.deepEqual([large.sheds, small.sheds], [1, 0]);
    assert.equal(budget.bytes, 40);
  });

  it('counts nothing of streams that are over', () => {
    const budget = new CacheBudget(100);
    const [gone, stays] = [new Holder(90), new Holder(60)];
    budget.report(gone);
    budget.leave(gone);
    budget.report(stays);
    assert.deepEqual([budget.bytes, stays.sheds], [60, 0]);
  });

  it('keeps the memory of many streams near the budget, and each of them starts newcomers again at its next keyframe', () => {
    const cacheBytes = 256 * 1024;
    const world = new HubHarness({ ...testLimits, cacheBytes });
    const strangers = Array.from({ length: 24 }, (_, index) =>
      world.publish(`live/s${index}`, { address: `10.0.1.${index}` }).headers(),
    );
    for (let atMs = 0; atMs < 8_000; atMs += 40) {
      for (const stranger of strangers) stranger.send([atMs === 0 ? 'keyframe' : 'interframe', atMs]);
      world.advance(40);
    }
    const kept = world.hub.cacheBudget.bytes;
    assert.ok(kept <= 2 * cacheBytes, `${kept} bytes are kept`);
    strangers[0]?.send(['keyframe', 8_000]);
    const { sink } = world.watch('live/s0');
    strangers[0]?.send(['interframe', 8_040]);
    assert.ok(sink.flv.tags.some(({ body }) => Buffer.compare(body, bodies.keyframe) === 0));
  });
});
