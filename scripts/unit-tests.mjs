import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run as runTests } from 'node:test';
import { root, StepError } from './run.mjs';

const roots = ['shared', 'server', 'web/src'];
const dist = join(root, 'dist');
/** A file that hangs fails, instead of holding the run for ever. The longest takes half a minute on a busy machine. */
const MAX_FILE_MS = 5 * 60_000;

/** Runs every compiled unit test and prints what failed. Throws StepError unless all passed and there were some. */
export async function runUnitTests() {
  const files = testFiles();
  const result = { tests: 0, pass: 0, fail: 0, skipped: 0 };
  const startedMs = performance.now();
  /** What each test file printed: shown if it fails. */
  const printed = new Map();
  const events =
    files.length === 0
      ? []
      : runTests({ files, concurrency: Math.max(1, availableParallelism()), timeout: MAX_FILE_MS });
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, (printed.get(data.file) ?? '') + data.message);
    } else if (type === 'test:pass' || type === 'test:fail') {
      count(result, type, data, printed);
    }
  }
  printSummary(result, performance.now() - startedMs);
  if (result.tests === 0) throw new StepError('No unit test ran.');
  if (result.fail > 0) throw new StepError(`${result.fail} of ${result.tests} unit tests failed.`);
}

function count(result, type, data, printed) {
  if (data.details.type === 'suite') {
    // A suite fails by its tests, which speak for themselves, or by a hook of its own.
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      result.tests += 1;
      result.fail += 1;
      printFailure(data, printed);
    }
    return;
  }
  if (type === 'test:pass' && isFile(data)) {
    result.tests += 1;
    result.fail += 1;
    process.stdout.write(`not ok ${describe(data)}\n  holds no test\n\n`);
    return;
  }
  result.tests += 1;
  if (data.skip !== undefined && data.skip !== false) result.skipped += 1;
  else if (type === 'test:pass') result.pass += 1;
  else {
    result.fail += 1;
    if (data.details.error?.failureType !== 'subtestsFailed') printFailure(data, printed);
  }
}

/** A file that reports no test of its own is reported as one. */
function isFile(data) {
  return data.nesting === 0 && data.name.endsWith('.test.js') && existsSync(data.name);
}

function printFailure(data, printed) {
  const error = data.details.error?.cause ?? data.details.error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stdout.write(`not ok ${describe(data)}\n${indent(detail)}\n`);
  const output = printed.get(data.file);
  if (output) process.stdout.write(`  it printed:\n${indent(output.trimEnd())}\n`);
  printed.delete(data.file);
  process.stdout.write('\n');
}

function describe(data) {
  if (isFile(data)) return relative(dist, data.name);
  return `${data.file ? `${relative(dist, data.file)}: ` : ''}${data.name}`;
}

function indent(text) {
  return text.replace(/^/gm, '  ');
}

/** The closing lines of node's own test runner, for people and programs that look for them. */
function printSummary({ tests, pass, fail, skipped }, durationMs) {
  process.stdout.write(
    `# tests ${tests}\n# pass ${pass}\n# fail ${fail}\n# skipped ${skipped}\n# duration_ms ${Math.round(durationMs)}\n`,
  );
}

/** Every compiled test. One that is not compiled would never fail, one whose source is gone would pass for ever. */
function testFiles() {
  const sources = roots.flatMap((folder) => walk(join(root, folder), /\.test\.tsx?$/)).sort();
  const wanted = new Set(
    sources.map((source) => join(dist, relative(root, source)).replace(/\.tsx?$/, '.js')),
  );
  for (const file of roots.flatMap((folder) => walk(join(dist, folder), /\.test\.js$/))) {
    if (wanted.has(file)) continue;
    for (const ending of ['.js', '.js.map', '.d.ts']) rmSync(file.replace(/\.js$/, ending), { force: true });
  }
  const missing = [...wanted].find((file) => !existsSync(file));
  if (missing) {
    throw new StepError(
      `${relative(dist, missing)} was not compiled: no tsconfig lists it, or dist is damaged (delete it).`,
    );
  }
  return [...wanted];
}

function walk(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}
