import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import type { CpuPlan } from './cpu-plan.ts';
import { type CpuProfile, hottestFunctions } from './cpu-profile.ts';
import type { RunningSystem, System } from './system.ts';
import { formatFigure, renderTable, type Table } from './table.ts';

/** What scenarios work with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly cpus: CpuPlan;
  readonly ours: System;
  /** The same program with other settings, beside it. */
  readonly variants: readonly System[];
  /** `undefined` when it is left out or cannot be installed. */
  readonly peer: System | undefined;
  readonly floors: readonly System[];
  readonly floorIngest: System | undefined;
  /** A line about how far it is. */
  say(line: string): void;
}

export interface Scenario {
  readonly name: string;
  readonly run: (bench: Bench) => Promise<ScenarioResult>;
}

export interface ScenarioResult {
  readonly tables: readonly Table[];
  /** What follows from them, by the name of its place in the docs. */
  readonly derived?: ReadonlyMap<string, Table>;
  /** Every run, for the JSON file. */
  readonly runs: readonly unknown[];
}

/** The measured part of a run, on the shared clock. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Runs something against a new process of a system, and prints where that spent its time if that was asked for. */
export async function withServer<T extends { readonly window: Window }>(
  bench: Bench,
  system: System,
  use: (running: RunningSystem) => Promise<T>,
): Promise<T> {
  const profileDir = bench.options.profile ? mkdtempSync(join(tmpdir(), 'sluice-profile-')) : undefined;
  const running = await system.start({ cpus: bench.cpus.server, profileDir });
  let result: T;
  try {
    result = await use(running);
  } finally {
    await running.stop();
  }
  if (profileDir !== undefined) {
    bench.say(renderTable(profileTable(profileDir, result.window)));
    rmSync(profileDir, { recursive: true });
  }
  return result;
}

const HOTTEST = 25;

function profileTable(folder: string, { fromUs, toUs }: Window): Table {
  const title = 'Where the process spent its own time, idle time left out';
  const columns = ['function', 'share', 'where'];
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const rows = files.flatMap((file) => {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    return hottestFunctions(profile, fromUs, toUs)
      .slice(0, HOTTEST)
      .map(({ name, share, place }) => [name, `${formatFigure(share * 100, 1)} %`, place]);
  });
  return { title, columns, rows };
}

/** A result of each contender in each run: first run of all, second run of all, so that noise hits all alike. */
export async function interleave<C, R>(
  bench: Bench,
  contenders: readonly C[],
  measure: (contender: C, run: number) => Promise<R>,
): Promise<Map<C, R[]>> {
  const results = new Map<C, R[]>(contenders.map((contender) => [contender, []]));
  for (let run = 0; run < bench.options.runs; run++) {
    for (const contender of contenders) {
      try {
        results.get(contender)!.push(await measure(contender, run));
      } catch (error) {
        // The others are still worth measuring; the exit code tells that something is missing.
        bench.say(`  failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
    }
  }
  return results;
}
