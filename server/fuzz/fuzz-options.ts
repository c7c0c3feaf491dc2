import { parseArgs } from 'node:util';

export interface FuzzOptions {
  readonly seed: number;
  /** Cases of each target; without a number, time decides. */
  readonly runs: number;
  readonly seconds: number;
  /** Names of targets; empty: all. */
  readonly targets: readonly string[];
  readonly replay: string | undefined;
}

export const fuzzHelp = `Usage: npm run fuzz -- [options]

  --seed N         the same seed gives the same cases (random)
  --runs N         cases of each target (as many as there is time for)
  --seconds N      how long to go on (60, or for ever with --runs)
  --target NAMES   targets, with commas between (all)
  --replay FILE    try the bytes of a file on the one --target
  --help
`;

/** Throws a sentence when the arguments cannot be understood. `undefined` when help is asked for. */
export function parseFuzzOptions(argv: readonly string[], randomSeed: number): FuzzOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      target: { type: 'string', default: '' },
      replay: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const targets = values.target.split(',').filter((name) => name !== '');
  if (values.replay !== undefined && targets.length !== 1) throw new Error('--replay needs one --target');
  const runs = number('--runs', values.runs, Number.POSITIVE_INFINITY);
  return {
    seed: number('--seed', values.seed, randomSeed),
    runs,
    seconds: number('--seconds', values.seconds, Number.isFinite(runs) ? Number.POSITIVE_INFINITY : 60),
    targets,
    replay: values.replay,
  };
}

function number(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}
