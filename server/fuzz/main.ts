import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFault } from './check.ts';
import { type Finding, fuzzTargets, tryCase } from './fuzz.ts';
import { type FuzzOptions, fuzzHelp, parseFuzzOptions } from './fuzz-options.ts';
import type { FuzzTarget } from './target.ts';

/** Cases of a target before the next one has its turn. */
const TURN = 200;
/** All targets together stay far below. */
const MAX_RSS_BYTES = 1536 * 1024 * 1024;
/** More of one target are the same fault again, most likely. */
const MAX_FINDINGS = 3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function chosen({ targets }: FuzzOptions): FuzzTarget[] {
  const unknown = targets.find((name) => !fuzzTargets.some((target) => target.name === name));
  if (unknown) {
    throw new Error(`no target ${unknown}; there are ${fuzzTargets.map(({ name }) => name).join(', ')}`);
  }
  return fuzzTargets.filter(({ name }) => targets.length === 0 || targets.includes(name));
}

function report({ target, run, fault, bytes }: Finding, folder: string): void {
  const file = join(folder, `${target}-${run}.bin`);
  writeFileSync(file, bytes);
  say(`\n${target}, case ${run}, ${bytes.length} bytes: ${fault}`);
  say(`npm run fuzz -- --replay ${file} --target ${target}\n`);
}

/** Gives the number of findings. */
function fuzz(options: FuzzOptions): number {
  const targets = chosen(options).map((target) => ({ target, run: 0, findings: 0 }));
  const untilMs = performance.now() + options.seconds * 1000;
  let folder: string | undefined;
  let maxRss = 0;
  say(`seed ${options.seed}`);
  for (let busy = true; busy && performance.now() < untilMs; ) {
    busy = false;
    for (const state of targets) {
      const until = Math.min(options.runs, state.run + TURN);
      for (; state.run < until && performance.now() < untilMs; state.run++) {
        if (state.findings >= MAX_FINDINGS) break;
        busy = true;
        const finding = tryCase(state.target, options.seed, state.run);
        if (!finding) continue;
        state.findings++;
        folder ??= mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
        report(finding, folder);
      }
      const { rss } = process.memoryUsage();
      maxRss = Math.max(maxRss, rss);
      if (rss > MAX_RSS_BYTES) throw new Error(`${state.target.name}: the process has grown to ${rss} bytes`);
    }
  }
  for (const { target, run, findings } of targets) say(`${target.name}: ${run} cases, ${findings} findings`);
  say(`largest process: ${Math.round(maxRss / 1024 / 1024)} MB`);
  return targets.reduce((sum, { findings }) => sum + findings, 0);
}

function replay(file: string, options: FuzzOptions): number {
  const fault = chosen(options)
    .map((target) => findFault(target, new Uint8Array(readFileSync(file))))
    .find((found) => found !== undefined);
  say(fault ?? 'nothing is wrong with it');
  return fault === undefined ? 0 : 1;
}

const options = parseFuzzOptions(process.argv.slice(2), randomBytes(4).readUInt32BE());
if (!options) say(fuzzHelp);
else {
  const findings = options.replay === undefined ? fuzz(options) : replay(options.replay, options);
  process.exitCode = findings === 0 ? 0 : 1;
}
