import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureInstalled } from './prepare.mjs';
import { root, runTool, StepError } from './run.mjs';

// `npm test`: everything that proves the project, cheapest first. `--only lint|unit|e2e` does a part.

const parts = { lint, unit, e2e };

/** Formatter, linter and the rules of who may import whom. */
function lint() {
  runTool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.'], { what: 'The linter' });
}

/** Types of everything, then tests on the compiled code. */
async function unit() {
  runTool('typescript/bin/tsc', ['-b'], { what: 'The type check' });
  const { runUnitTests } = await import('./unit-tests.mjs');
  await runUnitTests();
}

/** The built program, a real encoder and a real browser. */
async function e2e() {
  const config = 'e2e/playwright.config.ts';
  if (!existsSync(join(root, config)))
    throw new StepError(`There are no end-to-end tests: ${config} is missing.`);
  build();
  const { ensureTools } = await import('./ensure-tools.mjs');
  const env = await ensureTools();
  runTool('playwright/cli.js', ['test', '-c', config, ...passedOn], { what: 'The end-to-end tests', env });
}

const [flag, only, ...rest] = process.argv.slice(2);
/** `npm run test:e2e -- watch.spec.ts` reaches Playwright. */
const passedOn = flag === '--only' ? rest : [];

try {
  if (flag !== undefined && (flag !== '--only' || !(only in parts))) {
    throw new StepError(`Usage: npm test [-- --only ${Object.keys(parts).join('|')}]`);
  }
  ensureInstalled();
  for (const name of flag === '--only' ? [only] : Object.keys(parts)) {
    process.stdout.write(`\n== ${name}\n`);
    await parts[name]();
  }
} catch (error) {
  process.stderr.write(`${error.line ?? error.stack}\n`);
  process.exitCode = 1;
}
