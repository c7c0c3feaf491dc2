import { existsSync } from 'node:fs';
import { defineConfig } from 'playwright/test';

/** A given browser, else the system's, else Playwright's own. */
function browserPath(): string | undefined {
  const { CHROMIUM_PATH, PLAYWRIGHT_BROWSERS_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const system = '/usr/bin/chromium';
  return PLAYWRIGHT_BROWSERS_PATH === undefined && existsSync(system) ? system : undefined;
}

const executablePath = browserPath();

export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results',
  // Each test has a server, an encoder and a browser of its own: two cores carry one.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 720 },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
});
