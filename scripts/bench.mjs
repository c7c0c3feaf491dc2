import { ensureReady } from './prepare.mjs';

// `npm run bench`: builds when something changed, then measures. Options are listed by `npm run bench -- --help`.
try {
  ensureReady();
  await import('../dist/server/bench/main.js');
} catch (error) {
  process.stderr.write(`${error.line ?? error.stack}\n`);
  process.exitCode = 1;
}
