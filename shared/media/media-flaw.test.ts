import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaFlaws } from './media-flaw.ts';

describe('The table of media flaws', () => {
  for (const [code, { message, advice, mended }] of Object.entries(mediaFlaws)) {
    it(`${code} says in plain sentences what happened and what to change`, () => {
      for (const text of [message, advice]) {
        assert.match(text, /^[A-Z].*\.$/);
        assert.doesNotMatch(text, /!|\bplease\b|undefined/i);
      }
      assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      // Who reads that viewers get nothing must not read that nothing is to be done.
      if (!mended) assert.doesNotMatch(advice, /Nothing needs to be done/);
    });
  }

  it('says of each flaw that is not mended what viewers get', () => {
    for (const [code, { message, mended }] of Object.entries(mediaFlaws)) {
      if (!mended) assert.match(message, /Viewers get|players may show/, code);
    }
  });

  it('names the kind in front, so that pictures and sound can be told apart', () => {
    for (const [code, { mended }] of Object.entries(mediaFlaws)) {
      if (!mended) assert.match(code, /^(video|audio)-/);
    }
  });
});
