import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FocusedControl, type KeyPress, playerKey } from './player-key.ts';

function press(key: string, code = '', patch: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...patch };
}

test('k and Space play and pause wherever nobody types, but Space presses a button that the keyboard reached', () => {
  const found = (focused: FocusedControl) => [
    playerKey(press('k', 'KeyK'), focused),
    playerKey(press(' ', 'Space'), focused),
  ];
  assert.deepEqual(found('none'), ['toggle-play', 'toggle-play']);
  assert.deepEqual(found('slider'), ['toggle-play', 'toggle-play']);
  assert.deepEqual(found('button'), ['toggle-play', undefined]);
  assert.deepEqual(found('choice'), ['toggle-play', undefined]);
  assert.deepEqual(found('text'), [undefined, undefined]);
});

test('letters work with Caps Lock, with Shift and in another script', () => {
  for (const key of ['m', 'M', 'ь', 'Ь', 'μ']) {
    assert.equal(playerKey(press(key, 'KeyM'), 'none'), 'toggle-mute', key);
  }
  assert.equal(playerKey(press('Dead', 'KeyF'), 'none'), 'toggle-fullscreen');
});

test('on a Latin keyboard with another order the letter counts, not its place', () => {
  assert.equal(playerKey(press('m', 'Semicolon'), 'none'), 'toggle-mute');
  assert.equal(playerKey(press(',', 'KeyM'), 'none'), undefined);
});

test('keys with Ctrl, Alt or the command key belong to the browser', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey'] as const) {
    assert.equal(playerKey(press('f', 'KeyF', { [modifier]: true }), 'none'), undefined);
  }
});

test('arrows change the volume, except where they belong to what has the focus', () => {
  assert.equal(playerKey(press('ArrowUp'), 'none'), 'louder');
  assert.equal(playerKey(press('ArrowDown'), 'button'), 'quieter');
  assert.equal(playerKey(press('ArrowUp'), 'slider'), undefined);
  assert.equal(playerKey(press('ArrowDown'), 'choice'), undefined);
});

test('a key that is held down does not toggle on and on', () => {
  assert.equal(playerKey(press(' ', 'Space', { repeat: true }), 'none'), undefined);
  assert.equal(playerKey(press('f', 'KeyF', { repeat: true }), 'none'), undefined);
  assert.equal(playerKey(press('ArrowUp', '', { repeat: true }), 'none'), 'louder');
});

test('Tab, Enter and letters without a meaning are left alone', () => {
  for (const key of ['Tab', 'Enter', 'x', 'ArrowLeft', 'Shift']) {
    assert.equal(playerKey(press(key), 'none'), undefined);
  }
});
