import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Folder of the package: everything is found from here, whatever folder we were started in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that failed. `line` is all that a person needs to read; the step itself has said the rest. */
export class StepError extends Error {
  constructor(line) {
    super(line);
    this.line = line;
  }
}

/**
 * Runs a program in the package's folder and throws a StepError if it fails. Its output goes to our standard error
 * when `quietStdout` is set: standard output belongs to the server then.
 */
export function run(command, args, { what, env = {}, quietStdout = false, shell = false }) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', quietStdout ? 2 : 'inherit', 'inherit'],
    shell,
  });
  if (result.error) throw new StepError(`${what} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new StepError(`${what} failed (${result.signal ?? `exit code ${result.status}`}).`);
}

/** Runs a JavaScript program of one of our packages, for example `vite/bin/vite.js`. */
export function runTool(script, args, options) {
  run(process.execPath, [`${root}node_modules/${script}`, ...args], options);
}
