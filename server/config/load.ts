import { resolve } from 'node:path';
import { Value } from 'typebox/value';
import { checkTogether } from './check-together.ts';
import { closestName } from './closest-name.ts';
import { ConfigError, looksSecret, quoteValue } from './config-error.ts';
import type { Arguments } from './parse-arguments.ts';
import { readConfigFile } from './read-config-file.ts';
import { type Config, type NamedKey, namedKeys } from './schema.ts';

interface LoadInput {
  readonly args: Pick<Arguments, 'configFile' | 'settings'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the file and data.dir are looked for. */
  readonly cwd: string;
}

/** A value that somebody gave, and where, for the message if it is wrong. */
interface Given {
  readonly value: unknown;
  readonly source: string;
}

/** Defaults < file < environment < flags. Throws ConfigError on the first thing that is not right. */
export function loadConfig({ args, env, cwd }: LoadInput): Config {
  const given = new Map<string, Given>();
  for (const [path, value] of readConfigFile(args.configFile, cwd)) {
    const named = keyByPath(path, value);
    given.set(path, { value: checkValue(named, value, 'in the configuration file'), source: 'file' });
  }
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('SLUICE_') || text === undefined) continue;
    const named = keyByVariable(variable, text);
    given.set(named.path, { value: checkText(named, text, variable), source: variable });
  }
  for (const [path, text] of args.settings) {
    const named = keyByPath(path, text);
    given.set(path, { value: checkText(named, text, named.flag), source: named.flag });
  }
  const config = buildConfig((named) => {
    const value = given.has(named.path) ? given.get(named.path)?.value : named.key.default;
    return isPath(named.path) && value !== '' ? resolve(cwd, String(value)) : value;
  });
  checkTogether(config, (path) => given.has(path));
  return config;
}

const isPath = (setting: string) => ['data.dir', 'tls.cert', 'tls.key'].includes(setting);

/** A complete configuration of defaults with some values replaced: for tests and for use inside another program. */
export function defaultConfig(changes: Readonly<Record<string, unknown>> = {}): Config {
  for (const [path, value] of Object.entries(changes)) checkValue(keyByPath(path, value), value, 'given');
  return buildConfig((named) => (named.path in changes ? changes[named.path] : named.key.default));
}

function keyByPath(path: string, value: unknown): NamedKey {
  const named = namedKeys.find((candidate) => candidate.path === path);
  if (named) return named;
  throw unknownKey(
    path,
    value,
    namedKeys.map((candidate) => candidate.path),
  );
}

function keyByVariable(variable: string, text: string): NamedKey {
  const named = namedKeys.find((candidate) => candidate.variable === variable);
  if (named) return named;
  throw unknownKey(
    variable,
    text,
    namedKeys.map((candidate) => candidate.variable),
  );
}

function unknownKey(name: string, value: unknown, names: readonly string[]): ConfigError {
  const near = closestName(name, names);
  const shown = looksSecret(name) ? 'a value' : quoteValue(value);
  const expected = near ? `${near}, or another that --help lists` : 'one of those that --help lists';
  return new ConfigError(
    name,
    `${name}: ${shown} was given, but there is no such setting; expected ${expected}.`,
  );
}

function checkText(named: NamedKey, text: string, source: string): unknown {
  return checkValue(named, named.key.fromText(text), source);
}

function checkValue(named: NamedKey, value: unknown, source: string): unknown {
  if (Value.Check(named.key.schema, value)) return value;
  const shown = named.key.secret ? 'the value' : quoteValue(value);
  throw new ConfigError(
    named.path,
    `${named.path} (${source}): ${shown} is not valid; expected ${named.key.expected}.`,
  );
}

function buildConfig(readValue: (named: NamedKey) => unknown): Config {
  const root: Record<string, unknown> = {};
  for (const named of namedKeys) {
    const groups = named.properties.slice(0, -1);
    let node = root;
    for (const group of groups) {
      node[group] ??= {};
      node = node[group] as Record<string, unknown>;
    }
    node[named.properties.at(-1)!] = readValue(named);
  }
  // The one place where the table's type is claimed: every key of it was set just above.
  return deepFreeze(root) as Config;
}

function deepFreeze<T extends object>(node: T): T {
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(node);
}
