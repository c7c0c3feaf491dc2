import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../../../shared/contract/live-feed.ts';
import { encoderStage } from './encoder-stage.ts';

const at = '2026-01-01T10:00:00.000Z';
const nowMs = Date.parse(at) + 10_000;
const notice = (kind: Notice['kind']): Notice => ({
  id: 1,
  at,
  kind,
  stream: null,
  message: `it was ${kind}`,
});

test('with no news the page waits', () => {
  assert.equal(encoderStage([], nowMs).stage, 'waiting');
});

test('an encoder that connected, was refused or is on air is told in its own words', () => {
  assert.deepEqual(encoderStage([notice('connecting')], nowMs), {
    stage: 'connected',
    message: 'it was connecting',
  });
  assert.equal(encoderStage([notice('refused')], nowMs).stage, 'refused');
  assert.equal(encoderStage([notice('published')], nowMs).stage, 'on-air');
});

test('the end of an earlier stream does not hide what comes after it', () => {
  assert.equal(encoderStage([notice('ended'), notice('connecting')], nowMs).stage, 'connected');
});

test('news of two minutes ago is no longer what the reader tries now', () => {
  assert.equal(encoderStage([notice('connecting')], nowMs + 120_000).stage, 'waiting');
});
