import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, runTool } from './run.mjs';

// Installs and builds only when something changed. The check itself costs a few milliseconds: it runs at every start.

const installStamp = join(root, 'node_modules/.sluice-install');
const buildStamp = join(root, 'dist/.sluice-build');

/** Everything that the built server is made of. */
const sources = [
  'shared',
  'server',
  'web',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'scripts',
];

/** Packages and build are up to date afterwards. Throws StepError. */
export function ensureReady() {
  ensureInstalled();
  const stamp = describeSources();
  if (readOr(buildStamp) === stamp && existsSync(join(root, 'dist/server/main.js'))) return;
  say('Building: compiling the server and bundling the pages. This takes some seconds.');
  build({ quietStdout: true });
}

/** Installs packages unless the lockfile is the one that was installed. */
export function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readOr(installStamp) === wanted) return;
  if (!isInstalledByHand()) {
    say('Installing packages from the npm registry. A first start takes about a minute, this is most of it.');
    // Keeps to the lockfile and leaves it as it is. `npm ci` would empty node_modules under whoever is using it.
    npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeFileSync(installStamp, wanted);
}

/** Types checked, server compiled, pages bundled; remembered by a stamp. */
export function build({ quietStdout = false } = {}) {
  const stamp = describeSources();
  runTool('typescript/bin/tsc', ['-b', 'shared', 'server', 'web'], { what: 'Compiling', quietStdout });
  runTool('vite/bin/vite.js', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    what: 'Bundling the pages',
    quietStdout,
  });
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(buildStamp, stamp);
}

/** What is waited for. To standard error, because standard output belongs to the server. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** npm writes this file last, so it is newer than the lockfile that it was made from. */
function isInstalledByHand() {
  const made = modifiedMs(join(root, 'node_modules/.package-lock.json'));
  return made !== undefined && made >= (modifiedMs(join(root, 'package-lock.json')) ?? 0);
}

function npm(args) {
  const what = 'Installing packages';
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) run(process.execPath, [script, ...args], { what, quietStdout: true });
  else run('npm', args, { what, quietStdout: true, shell: process.platform === 'win32' });
}

/** Name, size and time of every source file that is no test, as one hash. */
function describeSources() {
  const hash = createHash('sha256');
  hash.update(process.versions.node);
  for (const source of sources) describe(source, hash);
  return hash.digest('hex');
}

function describe(path, hash) {
  const status = statSync(join(root, path), { throwIfNoEntry: false });
  if (!status) return;
  if (!status.isDirectory()) {
    hash.update(`${path}\0${status.size}\0${status.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) {
    const isPart =
      name !== 'testdata' && name !== 'testing' && name !== 'assets' && !/\.test\.tsx?$/.test(name);
    if (isPart && name !== 'node_modules') describe(`${path}/${name}`, hash);
  }
}

function readOr(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
