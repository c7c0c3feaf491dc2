import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, quoteValue } from '../config/config-error.ts';
import type { Config } from '../config/schema.ts';

/** The configured token, else the one kept in data.dir, which is made on first start. */
export function loadAdminToken(config: Pick<Config, 'admin' | 'data'>): string {
  if (config.admin.token !== '') return config.admin.token;
  const file = join(config.data.dir, 'admin-token');
  try {
    return readToken(file) ?? makeToken(config.data.dir, file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError(
      'data.dir',
      `data.dir: ${quoteValue(config.data.dir)} cannot be used (${code}); expected a folder that this user may write to.`,
    );
  }
}

function readToken(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (/^[\x21-\x7e]{1,256}$/.test(text)) return text;
  throw new ConfigError(
    'admin.token',
    `admin.token: the file ${file} is not valid; expected 1 to 256 letters, digits and signs. Delete it to have a new one made.`,
  );
}

/** 24 random bytes: beyond guessing, and still short enough to be pasted. */
function makeToken(dir: string, file: string): string {
  mkdirSync(dir, { recursive: true });
  const token = randomBytes(24).toString('base64url');
  // wx: of two processes that start at once, one makes the file and the other fails rather than replacing it.
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
