import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FirstPicture } from './first-picture.ts';
import { aSample } from './test-facts.ts';

const standing = aSample({ currentTime: 0, frames: 0, readyState: 4 });

test('a browser that calls back for the frame is believed', () => {
  const first = new FirstPicture(0);
  assert.equal(first.look(standing), false);
  first.frame();
  assert.equal(first.look(standing), true);
});

test('one that never calls back is seen by its count', () => {
  const first = new FirstPicture(244);
  assert.equal(first.look({ ...standing, frames: 244 }), false);
  assert.equal(first.look({ ...standing, frames: 250 }), true);
});

test('a count that starts anew is a count', () => {
  assert.equal(new FirstPicture(244).look({ ...standing, frames: 3 }), true);
});

test('one that neither calls back nor counts is seen by its clock', () => {
  const first = new FirstPicture(0);
  assert.equal(first.look({ ...standing, currentTime: 5 }), false);
  assert.equal(first.look({ ...standing, currentTime: 5.2 }), false);
  assert.equal(first.look({ ...standing, currentTime: 5.4 }), true);
});

test('nothing is on screen while there is no data or a seek is under way', () => {
  const first = new FirstPicture(0);
  assert.equal(first.look({ ...standing, readyState: 1, frames: 9 }), false);
  assert.equal(first.look({ ...standing, seeking: true, frames: 9 }), false);
});
