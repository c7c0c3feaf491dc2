import assert from 'node:assert/strict';
import { it } from 'node:test';
import { endConsequence, formatDuration, kickConsequence } from './consequences.ts';

const pause = { publisherSeconds: 30, viewerSeconds: 300 };
const of = (role: 'publisher' | 'viewer' | 'preview') => ({ role, stream: 'live/a', address: '10.0.0.7' });

it('the question before a kick says who is meant, what ends, and for how long', () => {
  for (const [role, words] of [
    ['viewer', 'Disconnect the viewer at 10.0.0.7 and keep it out for 5 min'],
    ['publisher', 'End live/a for everybody and keep its encoder at 10.0.0.7 out for 30 s'],
    ['preview', 'Stop the preview at 10.0.0.7'],
  ] as const) {
    assert.equal(kickConsequence(of(role), pause), words);
  }
  assert.equal(
    endConsequence('live/a', 182, pause),
    'End live/a for 182 viewers and keep its encoder out for 30 s',
  );
});

it('without a pause, or before it is known, nothing is said of one', () => {
  const none = { publisherSeconds: 0, viewerSeconds: 0 };
  for (const known of [none, null]) {
    assert.equal(kickConsequence(of('viewer'), known), 'Disconnect the viewer at 10.0.0.7');
    assert.equal(kickConsequence(of('publisher'), known), 'End live/a for everybody');
    assert.equal(endConsequence('live/a', 1, known), 'End live/a for 1 viewer');
  }
});

it('a duration is said in one unit', () => {
  for (const [seconds, words] of [
    [0.5, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [300, '5 min'],
    [5400, '90 min'],
    [7200, '2 h'],
    [86_400, '24 h'],
  ] as const) {
    assert.equal(formatDuration(seconds), words);
  }
});
