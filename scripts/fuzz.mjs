import { ensureInstalled } from './prepare.mjs';
import { runTool } from './run.mjs';

// `npm run fuzz`: compiles, then gives damaged bytes to everything that reads bytes. Options: `npm run fuzz -- --help`.
try {
  ensureInstalled();
  runTool('typescript/bin/tsc', ['-b', 'tsconfig.test.json'], { what: 'The type check' });
  await import('../dist/server/fuzz/main.js');
} catch (error) {
  process.stderr.write(`${error.line ?? error.message}\n`);
  process.exitCode = 1;
}
