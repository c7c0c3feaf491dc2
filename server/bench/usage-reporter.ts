import type { Usage } from './process-usage.ts';

// Loaded into a server by `--import` where there is no /proc: answers questions about what the process has cost.

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = {
    userSeconds: user / 1e6,
    systemSeconds: system / 1e6,
    residentBytes: process.memoryUsage.rss(),
  };
  process.send?.(usage);
});
// Questions do not keep a server alive that has stopped.
process.channel?.unref();
