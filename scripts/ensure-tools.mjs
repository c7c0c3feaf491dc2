import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, StepError } from './run.mjs';

// Real browsers and encoders cannot come from npm. What is there is used, what can be installed is installed, and
// for the rest one line says what to do.

/** Environment for the end-to-end tests, in which a browser and ffmpeg are found. Throws StepError. */
export async function ensureTools() {
  const env = {};
  const browser = (await findBrowser()) ?? (await installBrowser());
  if (browser) env.CHROMIUM_PATH = browser;
  if (!isOnPath('ffmpeg') && !aptInstall('ffmpeg')) {
    throw new StepError(
      'The end-to-end tests need ffmpeg: install it with your package manager (apt, brew, winget).',
    );
  }
  if (!browser) {
    throw new StepError(
      'The end-to-end tests need Chromium: run "npx playwright install chromium", or set CHROMIUM_PATH to a browser.',
    );
  }
  return env;
}

/** The browser that was asked for, else the system's, else the one Playwright has installed. */
async function findBrowser() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (existsSync(asked)) return asked;
    throw new StepError(`CHROMIUM_PATH is ${JSON.stringify(asked)}; expected a browser's program.`);
  }
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  );
  return system ?? (await playwrightBrowser());
}

async function playwrightBrowser() {
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules/playwright/index.mjs')).href);
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** Playwright's own download works without being root, so it is tried first. */
async function installBrowser() {
  process.stderr.write('Installing a browser for the end-to-end tests...\n');
  const script = join(root, 'node_modules/playwright/cli.js');
  spawnSync(process.execPath, [script, 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    timeout: 300_000,
  });
  const own = await playwrightBrowser();
  if (own) {
    // The libraries that it needs; a no-op where they are there.
    if (canApt())
      spawnSync(process.execPath, [script, 'install-deps', 'chromium'], { stdio: ['ignore', 2, 2] });
    return own;
  }
  return aptInstall('chromium') ? '/usr/bin/chromium' : undefined;
}

function canApt() {
  return process.getuid?.() === 0 && isOnPath('apt-get');
}

/** True when the package is installed afterwards. */
function aptInstall(name) {
  if (!canApt()) return false;
  process.stderr.write(`Installing ${name}...\n`);
  const apt = (args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = ['install', '-y', '--no-install-recommends', name];
  return apt(install) || (apt(['update']) && apt(install));
}

function isOnPath(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => names.some((name) => existsSync(join(folder, name))));
}
