import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { type SessionNoteCode, sessionNote, sessionNotes } from './session-note.ts';

const values = { given: 0, own: 1, command: 'FCUnpublish' };
const codes = Object.keys(sessionNotes) as SessionNoteCode[];

it('each note is whole sentences, and what is worth knowing says what to change', () => {
  for (const code of codes) {
    const { weight, message } = sessionNote(code, values);
    assert.match(message, /^[A-Z][^{}!]+\.$/, code);
    assert.equal('advice' in sessionNotes[code], weight === 'worth-knowing', code);
  }
});

it('a note without a value that it needs is our own mistake', () => {
  assert.throws(() => sessionNote('media-elsewhere', { given: 0 }), /needs a value for \{own\}/);
});

it('docs/protocol.md has a row for each note', () => {
  // Compiled to dist/server/rtmp: three folders below the package.
  const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
  for (const code of codes) {
    const level = sessionNotes[code].weight === 'worth-knowing' ? 'warn' : 'debug';
    assert.ok(page.includes(`| \`${code}\` | ${level} |`), code);
  }
});
