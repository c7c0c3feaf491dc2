import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBenchOptions } from './bench-options.ts';
import { expandCpuList } from './cpu-plan.ts';
import { parseStat } from './process-usage.ts';

test('without arguments everything runs three times', () => {
  const options = parseBenchOptions([]);
  assert.deepEqual(options?.only, []);
  assert.equal(options?.runs, 3);
  assert.equal(options?.viewers, undefined);
});

test('lists are split, and a quick run is short unless it is told otherwise', () => {
  const options = parseBenchOptions([
    '--quick',
    '--only',
    'joins, ingest',
    '--viewers',
    '100,500',
    '--runs',
    '2',
  ]);
  assert.deepEqual(options?.only, ['joins', 'ingest']);
  assert.deepEqual(options?.viewers, [100, 500]);
  assert.equal(options?.runs, 2);
  assert.equal(options?.seconds, 1.5);
});

test('settings for the server are passed on word by word', () => {
  assert.deepEqual(parseBenchOptions(['--server-args=--workers 2'])?.serverArgs, ['--workers', '2']);
});

test('what is no number and what is no option is refused; help is none of them', () => {
  assert.throws(() => parseBenchOptions(['--seconds', 'long']), /"long" is no number/);
  assert.throws(() => parseBenchOptions(['--viewers', '1.5']), /no whole number/);
  assert.throws(() => parseBenchOptions(['--fast']), /--fast/);
  assert.equal(parseBenchOptions(['--help']), undefined);
});

test('lists of cores are read as taskset writes them', () => {
  assert.deepEqual(expandCpuList(' 0,2-4\n'), [0, 2, 3, 4]);
  assert.deepEqual(expandCpuList('7'), [7]);
  assert.deepEqual(expandCpuList('nonsense'), []);
});

test('the account of a process is found behind a name with brackets and spaces', () => {
  const stat = '42 (a ) (b) S 7 42 42 0 -1 4194560 100 0 0 0 123 45 0 0 20 0 11 0 555 0 0';
  assert.deepEqual(parseStat(stat), { parent: 7, user: 123, system: 45 });
});
