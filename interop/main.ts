import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench } from './bench.ts';
import { clientVersions, missing } from './installed.ts';
import { loginTrials } from './login-trials.ts';
import { obsTrials } from './obs-trials.ts';
import { playTrials } from './play-trials.ts';
import { endAllPrograms } from './program.ts';
import { publishTrials } from './publish-trials.ts';
import { refusalTrials } from './refusal-trials.ts';
import { countOf, reportMarkdown, resultLine } from './report.ts';
import { restartTrials } from './restart-trials.ts';
import { secretTrial } from './secret-check.ts';
import { tlsTrials } from './tls-trials.ts';
import type { Result, Trial } from './trial.ts';

const root = join(import.meta.dirname, '../..');
/** ffmpeg makes the clip and is the other side of most trials. */
const basics = ['ffmpeg', 'ffprobe'];

const trials: readonly Trial[] = [
  ...publishTrials,
  ...playTrials,
  ...refusalTrials,
  ...restartTrials,
  ...obsTrials,
  ...loginTrials,
  ...tlsTrials,
  secretTrial,
];

/** Runs all trials, or those whose line holds all the words given. Gives the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const absent = missing(basics);
  if (absent.length > 0) {
    process.stderr.write(`Install ${absent.join(' and ')} first: every trial needs it.\n`);
    return 1;
  }
  const wanted = trials.filter((trial) => {
    const line = `${trial.chapter} ${trial.client} ${trial.title}`.toLowerCase();
    return words.every((word) => line.includes(word.toLowerCase()));
  });
  const startedMs = performance.now();
  const results = await runAll(wanted);
  const tookSeconds = Math.round((performance.now() - startedMs) / 1000);
  const failures = countOf(results, 'fail');
  process.stdout.write(`${results.length} trials, ${failures} failed, ${tookSeconds} s\n`);
  if (words.length === 0) {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const report = {
      results,
      versions: clientVersions(),
      sluiceVersion: version,
      date: new Date(),
      tookSeconds,
    };
    writeFileSync(join(root, 'docs/interop.md'), reportMarkdown(report));
  }
  return failures > 0 ? 1 : 0;
}

async function runAll(wanted: readonly Trial[]): Promise<Result[]> {
  const results: Result[] = [];
  const bench = await Bench.prepare();
  const stop = () =>
    void endAllPrograms()
      .then(() => bench.dispose())
      .then(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    for (const trial of wanted) {
      const result = await runTrial(trial, bench);
      process.stdout.write(`${resultLine(result)}\n`);
      results.push(result);
    }
  } finally {
    await endAllPrograms();
    await bench.dispose();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  return results;
}

async function runTrial(trial: Trial, bench: Bench): Promise<Result> {
  if (trial.notPossible) return { trial, outcome: 'skip', observation: trial.notPossible };
  const absent = missing(trial.needs);
  if (absent.length > 0) {
    return { trial, outcome: 'skip', observation: `${absent.join(', ')} is not installed` };
  }
  try {
    return { trial, outcome: 'pass', observation: await trial.run(bench) };
  } catch (error) {
    return { trial, outcome: 'fail', observation: bench.withoutSecrets((error as Error).message) };
  } finally {
    await bench.clearAway();
  }
}
