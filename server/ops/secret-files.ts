import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';

/** Files of this configuration that hold what nobody else may know. They need not be there. */
export function secretFiles({ data, tls }: Pick<Config, 'data' | 'tls'>): readonly string[] {
  const own = ['admin-token', 'tls-self-signed.pem'].map((name) => join(data.dir, name));
  return tls.key === '' ? own : [...own, tls.key];
}

/** Whether every user of the machine can read it. A group may be meant to, such as that of a program that renews certificates. */
export function isOpenToAll(file: string): boolean {
  // Windows has other rights, and shows none of them here.
  if (process.platform === 'win32') return false;
  try {
    return (statSync(file).mode & 0o007) !== 0;
  } catch {
    return false;
  }
}
