import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DroppedMedia, type DropReason } from './dropped-media.ts';

const reasons = ['media-without-publish', 'media-after-publish', 'media-of-other-request'] as const;

describe('Dropped media', () => {
  it('is told with its message stream once a second is over, and not again', () => {
    const dropped = new DroppedMedia();
    dropped.add('media-of-other-request', 7, 1_000);
    assert.equal(dropped.due(1_999), undefined);
    const due = dropped.due(2_000);
    assert.deepEqual([due?.reason, due?.messageStreamId], ['media-of-other-request', 7]);
    assert.equal(dropped.due(60_000), undefined);
  });

  it('that is a last word behind a publish is not told, however late one looks', () => {
    const dropped = new DroppedMedia();
    for (const nowMs of [0, 250, 499]) dropped.add('media-after-publish', 1, nowMs);
    assert.equal(dropped.due(100_000), undefined);
    dropped.add('media-after-publish', 1, 500);
    assert.equal(dropped.due(100_000)?.reason, 'media-after-publish');
  });

  it('for another reason is another spell, told by itself', () => {
    const dropped = new DroppedMedia();
    dropped.add('media-without-publish', 1, 0);
    assert.ok(dropped.due(1_000));
    dropped.add('media-of-other-request', 2, 1_500);
    assert.equal(dropped.due(2_499), undefined);
    assert.equal(dropped.due(2_500)?.reason, 'media-of-other-request');
  });

  it('for a limit is counted and not told here', () => {
    const dropped = new DroppedMedia();
    for (let i = 0; i < 5; i++) dropped.addOther();
    assert.equal(dropped.count, 5);
    assert.equal(dropped.due(1e9), undefined);
  });

  it('is told when it is due, never early, and once a spell, in any order of events', () => {
    const step = fc.record({
      ms: fc.nat({ max: 700 }),
      what: fc.constantFrom<DropReason | 'publish' | 'nothing'>(...reasons, 'publish', 'nothing'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const dropped = new DroppedMedia();
        let nowMs = 0;
        let spell: Spell | undefined;
        for (const { ms, what } of steps) {
          nowMs += ms;
          if (what === 'publish') dropped.publishStarted();
          else if (what !== 'nothing') dropped.add(what, 1, nowMs);
          spell = spellAfter(spell, what, nowMs);
          const isDue = shouldTell(spell, nowMs);
          assert.equal(dropped.due(nowMs)?.reason, isDue ? spell?.reason : undefined);
          if (isDue && spell) spell = { ...spell, told: true };
        }
        const drops = steps.filter(({ what }) => what !== 'publish' && what !== 'nothing');
        assert.equal(dropped.count, drops.length);
      }),
    );
  });
});

/** What the property above holds it to. */
interface Spell {
  readonly reason: DropReason;
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly told: boolean;
}

function spellAfter(
  spell: Spell | undefined,
  what: DropReason | 'publish' | 'nothing',
  nowMs: number,
): Spell | undefined {
  if (what === 'publish') return undefined;
  if (what === 'nothing') return spell;
  return spell?.reason === what
    ? { ...spell, lastMs: nowMs }
    : { reason: what, sinceMs: nowMs, lastMs: nowMs, told: false };
}

function shouldTell(spell: Spell | undefined, nowMs: number): boolean {
  if (!spell || spell.told || nowMs - spell.sinceMs < 1_000) return false;
  return spell.reason !== 'media-after-publish' || spell.lastMs - spell.sinceMs >= 500;
}
