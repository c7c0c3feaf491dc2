import { ensureReady } from '../scripts/prepare.mjs';
import { runTool } from '../scripts/run.mjs';

// `npm run interop`: Sluice against the real programs that are installed here. `-- obs` runs the trials whose line
// holds that word; docs/interop.md is written by a whole run only.
try {
  ensureReady();
  runTool('typescript/bin/tsc', ['-b', 'interop'], { what: 'Compiling the interoperability suite' });
  const { main } = await import('../dist/interop/main.js');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.line ?? error.stack}\n`);
  process.exitCode = 1;
}
