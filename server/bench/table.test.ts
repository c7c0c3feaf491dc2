import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceSection } from './docs-tables.ts';
import { formatFigure, formatPair, formatRatio, formatSpread, renderTable } from './table.ts';

test('a table is Markdown whose columns line up', () => {
  const text = renderTable({
    title: 'Costs',
    columns: ['server', 'CPU-s/GB'],
    rows: [
      ['sluice', '1.30'],
      ['node-media-server', '4.62'],
    ],
    notes: ['A note.'],
  });
  assert.equal(
    text,
    [
      '**Costs**',
      '',
      '| server            | CPU-s/GB |',
      '| ----------------- | -------: |',
      '| sluice            |     1.30 |',
      '| node-media-server |     4.62 |',
      '',
      'A note.',
    ].join('\n'),
  );
});

test('what was not measured is a dash, never NaN', () => {
  assert.equal(formatFigure(undefined, 2), '–');
  assert.equal(formatFigure(Number.NaN, 2), '–');
  assert.equal(formatRatio(Number.POSITIVE_INFINITY), '–');
  assert.equal(formatPair(undefined, undefined, 1), '–');
  assert.equal(formatPair(1, undefined, 1), '1.0 / –');
});

test('figures have their digits, ratios an x, spreads both ends', () => {
  assert.equal(formatFigure(1.256, 2), '1.26');
  assert.equal(formatRatio(0.3), '0.30x');
  assert.equal(formatSpread(1.3, [1.25, 1.3, 1.41], 2), '1.30 (1.25–1.41)');
  assert.equal(formatSpread(1.3, [1.3], 2), '1.30');
});

test('a section of a page is replaced, the rest stays, and again gives the same', () => {
  const page = 'before\n<!-- bench:joins -->\nold\n<!-- /bench:joins -->\nafter\n';
  const replaced = replaceSection(page, 'joins', 'new $& table');
  assert.equal(replaced, 'before\n<!-- bench:joins -->\n\nnew $& table\n\n<!-- /bench:joins -->\nafter\n');
  assert.equal(replaceSection(replaced, 'joins', 'new $& table'), replaced);
});

test('a page without the section is an error', () => {
  assert.throws(() => replaceSection('nothing here', 'joins', ''), /no place for "joins"/);
});
