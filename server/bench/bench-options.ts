import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of scenarios; empty means all. */
  readonly only: readonly string[];
  /** Overrides the numbers of viewers (or publishers, for ingest) of a scenario. */
  readonly viewers: readonly number[] | undefined;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly profile: boolean;
  /** Roles that are left out. */
  readonly without: readonly string[];
  readonly serverArgs: readonly string[];
  /** Further settings for a second sluice beside the first; none without. */
  readonly compareArgs: readonly string[];
  readonly serverCpus: string | undefined;
  readonly jsonFile: string | undefined;
  readonly writeDocs: boolean;
}

export const benchHelp = `Usage: npm run bench -- [options]

  --only NAMES          scenarios, with commas between: fan-out, latency, joins, slow-viewers, ingest, chunks
  --viewers NUMBERS     how many viewers (ingest: publishers), with commas between
  --seconds S           length of each measured window (5)
  --warmup S            seconds from the last join to the window (2)
  --runs N              runs of each cell; tables show medians (3)
  --quick               one short run with few viewers: shows that all of it works, not what it costs
  --without NAMES       leave out: peer, floor
  --profile             CPU profile of the server in each cell, the hottest functions printed
  --server-args="ARGS"  further settings for sluice, for example --server-args="--workers 2"
  --compare-args="ARGS" measure a second sluice with these settings beside the first
  --server-cpus LIST    cores for the server (the first one); the load gets the others
  --json FILE           write every figure of every run
  --write-docs          rewrite the tables of docs/performance.md
  --help
`;

/** Throws a sentence when the arguments cannot be understood. `undefined` when help is asked for. */
export function parseBenchOptions(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '' },
      viewers: { type: 'string' },
      seconds: { type: 'string' },
      warmup: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      without: { type: 'string', default: '' },
      profile: { type: 'boolean', default: false },
      'server-args': { type: 'string', default: '' },
      'compare-args': { type: 'string', default: '' },
      'server-cpus': { type: 'string' },
      json: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick, profile } = values;
  return {
    only: list(values.only),
    viewers: values.viewers === undefined ? undefined : list(values.viewers).map(wholeNumber),
    seconds: number(values.seconds, quick ? 1.5 : 5),
    warmupSeconds: number(values.warmup, quick ? 0.5 : 2),
    runs: number(values.runs, quick || profile ? 1 : 3),
    quick,
    profile,
    without: profile ? ['peer', 'floor'] : list(values.without),
    serverArgs: words(values['server-args']),
    compareArgs: words(values['compare-args']),
    serverCpus: values['server-cpus'],
    jsonFile: values.json,
    writeDocs: values['write-docs'],
  };
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const words = (text: string): string[] => text.split(' ').filter((part) => part !== '');

function number(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${JSON.stringify(text)} is no number above 0`);
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text, 0);
  if (!Number.isInteger(value)) throw new Error(`${JSON.stringify(text)} is no whole number`);
  return value;
}
