import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testLimits } from '../test/hub-harness.ts';
import { WorkerPool } from './worker-pool.ts';

it('A worker whose process cannot be made is told, and tried again until it can', async (t) => {
  const news = new EventTarget();
  const crashes: string[] = [];
  const pool = new WorkerPool({
    count: 1,
    program: fileURLToPath(new URL('../delivery-worker.js', import.meta.url)),
    init: () => ({
      type: 'init',
      limits: testLimits,
      origin: { host: '127.0.0.1', port: 1, secret: 'x' },
      maxPaceMs: 0,
      maxWebSocketMessageBytes: 4096,
    }),
    onEvent: () => {},
    onFault: () => {},
    onReady: () => news.dispatchEvent(new Event('ready')),
    onCrash: (_worker, reason) => {
      crashes.push(reason);
      news.dispatchEvent(new Event('crash'));
    },
  });
  const { execPath } = process;
  t.after(async () => {
    process.execPath = execPath;
    await pool.stop();
  });
  process.execPath = '/nowhere/node';
  const crashed = once(news, 'crash');
  pool.start();
  await crashed;
  process.execPath = execPath;
  await once(news, 'ready');
  assert.match(crashes[0] ?? '', /ENOENT/);
});
