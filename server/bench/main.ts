import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Bench, Scenario, ScenarioResult } from './bench.ts';
import { type BenchOptions, benchHelp, parseBenchOptions } from './bench-options.ts';
import { packageRoot } from './child-server.ts';
import { type CpuPlan, planCpus } from './cpu-plan.ts';
import { replaceSection } from './docs-tables.ts';
import { floorIngestSystem, floorSystem } from './floor-system.ts';
import { peerSystem } from './peer-system.ts';
import { hasProc } from './process-usage.ts';
import { chunks } from './scenario-chunks.ts';
import { fanOut } from './scenario-fan-out.ts';
import { ingest } from './scenario-ingest.ts';
import { joins } from './scenario-joins.ts';
import { latency } from './scenario-latency.ts';
import { slowViewers } from './scenario-slow-viewers.ts';
import { sluiceSystem } from './sluice-system.ts';
import { renderTable } from './table.ts';

// `npm run bench`: measures the server as a process of its own, beside a bare loop and a peer, all in the same run.

const scenarios: readonly Scenario[] = [fanOut, latency, joins, slowViewers, ingest, chunks];
const docsPage = join(packageRoot, 'docs/performance.md');

// Servers are children of this process: it takes them along when it is told to go.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(benchHelp);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(options: BenchOptions): Promise<void> {
  const chosen = choose(options.only);
  const bench = prepare(options);
  const about = describeRun(options, bench.cpus);
  process.stdout.write(`${about}\n`);
  const results = new Map<string, ScenarioResult>();
  for (const scenario of chosen) {
    const result = await scenario.run(bench);
    results.set(scenario.name, result);
    const tables = [...result.tables, ...(result.derived?.values() ?? [])];
    process.stdout.write(`\n${tables.map(renderTable).join('\n\n')}\n`);
    // After each scenario: what was measured is not lost when a later one fails.
    if (options.writeDocs) writeDocs(scenario.name, result, about);
    if (options.jsonFile) writeFileSync(options.jsonFile, toJson(about, results));
  }
}

function choose(only: readonly string[]): readonly Scenario[] {
  const unknown = only.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    const known = scenarios.map(({ name }) => name).join(', ');
    throw new Error(`There is no scenario ${JSON.stringify(unknown)}; there are: ${known}.`);
  }
  return only.length === 0 ? scenarios : scenarios.filter(({ name }) => only.includes(name));
}

function prepare(options: BenchOptions): Bench {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const withFloor = !options.without.includes('floor');
  const peer = options.without.includes('peer') ? undefined : peerSystem();
  if (typeof peer === 'string') say(peer);
  return {
    options,
    cpus: planCpus(options.serverCpus),
    ours: sluiceSystem(options.serverArgs),
    variants: options.compareArgs.length > 0 ? [sluiceSystem(options.compareArgs)] : [],
    peer: typeof peer === 'string' ? undefined : peer,
    floors: withFloor ? [floorSystem('frame'), floorSystem(50), floorSystem(100)] : [],
    floorIngest: withFloor ? floorIngestSystem() : undefined,
    say,
  };
}

function describeRun({ runs, seconds }: BenchOptions, plan: CpuPlan): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const parts = [
    new Date().toISOString().slice(0, 10),
    `Node ${process.versions.node}`,
    `${type()} ${release()}`,
    `${cpus().length} x ${model}`,
    `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    plan.sentence,
    `medians of ${runs} interleaved run${runs === 1 ? '' : 's'}, windows of ${seconds} s`,
    `CPU time from ${hasProc ? '/proc' : 'process.cpuUsage'}`,
  ];
  return `${parts.join('; ')}.`;
}

function writeDocs(name: string, { tables, derived }: ScenarioResult, about: string): void {
  let page = readFileSync(docsPage, 'utf8');
  page = replaceSection(page, name, [about, ...tables.map(renderTable)].join('\n\n'));
  for (const [place, table] of derived ?? []) page = replaceSection(page, place, renderTable(table));
  writeFileSync(docsPage, page);
}

function toJson(about: string, results: ReadonlyMap<string, ScenarioResult>): string {
  const scenariosRun = [...results].map(([name, { runs }]) => ({ name, runs }));
  return `${JSON.stringify({ about, scenarios: scenariosRun }, null, 2)}\n`;
}
