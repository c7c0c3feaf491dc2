import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { ConfigError, quoteValue } from './config-error.ts';
import { namedKeys } from './schema.ts';

/** The file that is read without being asked for, where the program is started. */
export const DEFAULT_CONFIG_FILE = 'sluice.config.yaml';

/**
 * Path of a setting -> its value, from a YAML file. `rtmp: {port: 1}` and `rtmp.port: 1` mean the same.
 * `file` undefined: the default file, which may be missing.
 */
export function readConfigFile(file: string | undefined, cwd: string): Map<string, unknown> {
  const name = file ?? DEFAULT_CONFIG_FILE;
  const text = readText(resolve(cwd, name), name, file === undefined);
  if (text === undefined) return new Map();
  return parseConfigText(text, name);
}

/** As `readConfigFile`, from the text itself; `name` appears in messages. */
export function parseConfigText(text: string, name: string): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  const root = parseYaml(text, name);
  if (root === null) return settings;
  if (!isMapping(root)) {
    throw new ConfigError(name, `${name}: ${quoteValue(root)} is not valid; expected keys with values.`);
  }
  flatten(root, '', settings);
  return settings;
}

function readText(path: string, name: string, mayBeMissing: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && mayBeMissing) return undefined;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new ConfigError('--config', `--config ${quoteValue(name)}: ${reason}; expected a YAML file.`);
  }
}

function parseYaml(text: string, name: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line;
    const reason = error.message.split(/ at line |\n/)[0];
    throw new ConfigError(name, `${name}${line ? `, line ${line}` : ''}: not valid YAML: ${reason}.`);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping under the name of a group is a group; one under the name of a setting is a wrong value, judged later. */
function flatten(mapping: Record<string, unknown>, prefix: string, into: Map<string, unknown>): void {
  for (const [name, value] of Object.entries(mapping)) {
    const path = prefix + name;
    if (isGroup(path)) {
      // "rtmp:" with nothing below it, as is left when every key of a group is commented out.
      if (value === null) continue;
      if (isMapping(value)) {
        flatten(value, `${path}.`, into);
        continue;
      }
    }
    into.set(path, value);
  }
}

function isGroup(path: string): boolean {
  return namedKeys.some((named) => named.path.startsWith(`${path}.`));
}
