import { closestName } from './closest-name.ts';
import { ConfigError, looksSecret, quoteValue } from './config-error.ts';
import { type NamedKey, namedKeys } from './schema.ts';

/** What was asked for on the command line. Values of settings are still text and unchecked. */
export interface Arguments {
  readonly help: boolean;
  readonly version: boolean;
  readonly demo: boolean;
  readonly configFile: string | undefined;
  /** Path of a setting -> the text that was given. */
  readonly settings: ReadonlyMap<string, string>;
}

const switches = ['--help', '--version', '--demo'] as const;
const allFlags = [...switches, '--config', ...namedKeys.map((named) => named.flag)];

/** Reads the arguments after the program's name: `--key value` or `--key=value`. Throws ConfigError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const seen = new Set<string>();
  const settings = new Map<string, string>();
  let configFile: string | undefined;
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const { flag, inline } = splitArgument(argument);
    if (isSwitch(flag) && inline === undefined) {
      seen.add(flag);
      continue;
    }
    const named = namedKeys.find((candidate) => candidate.flag === flag);
    if (flag === '--config') configFile = inline ?? takeValue(flag, rest, 'a file name');
    else if (named) settings.set(named.path, inline ?? takeSetting(named, rest));
    else throw unknownArgument(flag, inline ?? rest[0]);
  }
  return {
    help: seen.has('--help'),
    version: seen.has('--version'),
    demo: seen.has('--demo'),
    configFile,
    settings,
  };
}

function splitArgument(argument: string): { flag: string; inline: string | undefined } {
  if (argument === '-h') return { flag: '--help', inline: undefined };
  if (argument === '-v') return { flag: '--version', inline: undefined };
  const equals = argument.indexOf('=');
  if (!argument.startsWith('--') || equals === -1) return { flag: argument, inline: undefined };
  return { flag: argument.slice(0, equals), inline: argument.slice(equals + 1) };
}

function isSwitch(flag: string): boolean {
  return (switches as readonly string[]).includes(flag);
}

/** A yes-or-no setting may stand alone: `--web-public-list` means true. */
function takeSetting(named: NamedKey, rest: string[]): string {
  if (typeof named.key.default === 'boolean' && (rest[0] === undefined || rest[0].startsWith('--'))) {
    return 'true';
  }
  return takeValue(named.flag, rest, named.key.expected, named.path);
}

function takeValue(flag: string, rest: string[], expected: string, key: string = flag): string {
  const value = rest.shift();
  if (value === undefined || value.startsWith('--')) {
    const subject = key === flag ? flag : `${key} (${flag})`;
    throw new ConfigError(key, `${subject}: no value was given; expected ${expected}.`);
  }
  return value;
}

function unknownArgument(flag: string, value: string | undefined): ConfigError {
  const near = closestName(flag, allFlags);
  const shown =
    value === undefined || value.startsWith('--') ? 'it' : looksSecret(flag) ? 'a value' : quoteValue(value);
  const expected = near ? `${near}, or another that --help lists` : 'one of those that --help lists';
  return new ConfigError(
    flag,
    `${flag}: ${shown} was given, but there is no such option; expected ${expected}.`,
  );
}
