#!/usr/bin/env node
// What `npm start` and `npx sluice` run: sees that packages and build are there, then becomes the server.
// No syntax newer than Node 13, so that an old Node gets the sentence below and no syntax error.

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  import('../scripts/prepare.mjs')
    .then(({ ensureReady }) => {
      ensureReady();
      // In this process, so that signals and exit codes are the server's own.
      return import('../dist/server/main.js');
    })
    .catch((error) => {
      process.stderr.write(`${error.line || error.stack}\n`);
      process.exit(1);
    });
} else {
  process.stderr.write(`Sluice needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
