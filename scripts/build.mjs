import { build, ensureInstalled } from './prepare.mjs';

// `npm run build`: always builds, whatever the stamp says.
try {
  ensureInstalled();
  build();
} catch (error) {
  process.stderr.write(`${error.line ?? error.stack}\n`);
  process.exitCode = 1;
}
