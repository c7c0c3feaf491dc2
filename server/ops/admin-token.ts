import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, quoteValue } from '../config/config-error.ts';
import type { Config } from '../config/schema.ts';
import { writeWhole, writeWholeOnce } from './write-whole.ts';

/** The configured token, else the one kept in data.dir, which is made on first start. */
export function loadAdminToken(config: Pick<Config, 'admin' | 'data'>): string {
  if (config.admin.token !== '') return config.admin.token;
  const file = join(config.data.dir, 'admin-token');
  try {
    const kept = readToken(file);
    return kept || makeToken(file, kept === undefined);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError(
      'data.dir',
      `data.dir: ${quoteValue(config.data.dir)} cannot be used (${code}); expected a folder that this user may write to.`,
    );
  }
}

/** Empty when the file is: a disk was full when it should have been written. Undefined when there is none. */
function readToken(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (/^[\x21-\x7e]{0,256}$/.test(text)) return text;
  throw new ConfigError(
    'admin.token',
    `admin.token: the file ${file} is not valid; expected 1 to 256 letters, digits and signs. Delete it to have a new one made.`,
  );
}

/** 24 random bytes: beyond guessing, and still short enough to be pasted. */
function makeToken(file: string, isFirst: boolean): string {
  const token = randomBytes(24).toString('base64url');
  if (!isFirst) writeWhole(file, `${token}\n`);
  // Otherwise another process that started at the same time was faster.
  else if (!writeWholeOnce(file, `${token}\n`)) return readToken(file) || token;
  return token;
}
