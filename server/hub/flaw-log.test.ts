import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaFlaws } from '../../shared/media/media-flaw.ts';
import { FlawLog } from './flaw-log.ts';

describe('FlawLog', () => {
  it('knows a fault for fifteen seconds after it was seen last', () => {
    const log = new FlawLog();
    log.note('video-start-codes', 1_000);
    log.note('video-start-codes', 11_000);
    assert.deepEqual(log.current(25_999), ['video-start-codes']);
    assert.deepEqual(log.current(26_000), []);
  });

  it('puts what viewers cannot use first, each with what happened and what to change', () => {
    const log = new FlawLog();
    log.note('keyframe-flags-wrong', 0);
    log.note('video-start-codes', 0);
    log.note('audio-header-missing', 0);
    assert.deepEqual(log.current(1), ['audio-header-missing', 'keyframe-flags-wrong', 'video-start-codes']);
    const { message, advice } = mediaFlaws['audio-header-missing'];
    assert.deepEqual(log.warnings(1)[0], { code: 'audio-header-missing', message, advice });
  });

  it('says of which kind something comes that is of no use', () => {
    const log = new FlawLog();
    log.note('video-start-codes', 0);
    log.note('audio-codec-mislabelled', 0);
    assert.deepEqual([log.spoils('video', 1), log.spoils('audio', 1)], [false, false]);
    log.note('video-header-broken', 0);
    assert.deepEqual([log.spoils('video', 1), log.spoils('audio', 1)], [true, false]);
    assert.equal(log.spoils('video', 15_000), false);
  });

  it('lets go of what was wrong with headers when one comes, of that kind alone', () => {
    const log = new FlawLog();
    for (const flaw of [
      'video-header-missing',
      'video-header-empty',
      'video-header-in-band',
      'video-unknown',
    ] as const) {
      log.note(flaw, 0);
    }
    log.note('audio-header-broken', 0);
    log.headerCame('video');
    assert.deepEqual(log.current(1), ['video-unknown', 'audio-header-broken', 'video-header-in-band']);
    log.headerCame('audio');
    assert.deepEqual(log.current(1), ['video-unknown', 'video-header-in-band']);
  });

  it('forgets everything with its publisher', () => {
    const log = new FlawLog();
    log.note('audio-unknown', 0);
    log.clear();
    assert.deepEqual(log.current(1), []);
  });
});
