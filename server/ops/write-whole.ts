import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** For the owner's eyes only: what the server keeps is secret, or about people. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Writes a file whole or not at all, in place of the one before: aside first, then renamed, so that a full disk or a cut
 * leaves what was there. A link that stands in its place is replaced and not followed. Throws Node's error.
 */
export function writeWhole(file: string, text: string): void {
  aside(file, text, (made) => renameSync(made, file));
}

/** The same for a file that must not be there yet. False when it is: of two processes that start at once, one makes it. */
export function writeWholeOnce(file: string, text: string): boolean {
  return aside(file, text, (made) => {
    try {
      linkSync(made, file);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // A file system without links, such as that of a memory card.
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
      renameSync(made, file);
      return true;
    } finally {
      rmSync(made, { force: true });
    }
  });
}

function aside<T>(file: string, text: string, settle: (made: string) => T): T {
  mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const made = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    const fd = openSync(made, 'wx', FILE_MODE);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return settle(made);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}
