import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signal } from '@preact/signals';
import { followSentAway } from './sent-away.ts';

const playing = { state: 'live', reason: null };

it('only a player that was ended or refused asks for how long, and once each time', async () => {
  const view = signal<{ state: string; reason: string | null }>(playing);
  let asked = 0;
  const far = Date.now() + 3_600_000;
  const sentAway = followSentAway(view, async () => {
    asked += 1;
    return far;
  });
  view.value = { state: 'error', reason: 'media' };
  view.value = { state: 'reconnecting', reason: 'refused' };
  assert.equal(asked, 0);
  view.value = { state: 'error', reason: 'kicked' };
  view.value = { state: 'error', reason: 'refused' };
  await Promise.resolve();
  assert.equal(asked, 1);
  assert.deepEqual(sentAway.value, { untilMs: far, isOver: false });
  view.value = playing;
  assert.equal(sentAway.value, null);
});

it('a server that keeps nobody out is not waited for', async () => {
  const view = signal({ state: 'error', reason: 'refused' });
  const sentAway = followSentAway(view, async () => null);
  await Promise.resolve();
  assert.equal(sentAway.value, null);
});

it('an answer that comes after the player went on says nothing', async () => {
  const view = signal<{ state: string; reason: string | null }>({ state: 'error', reason: 'kicked' });
  let answer: (untilMs: number) => void = () => {};
  const sentAway = followSentAway(view, () => new Promise((resolve) => (answer = resolve)));
  view.value = playing;
  answer(Date.now() + 3_600_000);
  await Promise.resolve();
  assert.equal(sentAway.value, null);
});
