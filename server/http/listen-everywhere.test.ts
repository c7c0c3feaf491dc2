import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it } from 'node:test';
import { listenEverywhere } from './listen-everywhere.ts';

it('A connection that cannot be accepted is told, and is no error of the process', async (t) => {
  const server = createServer();
  const told: string[] = [];
  const acceptFailed = (error: Error) => told.push(error.message);
  await listenEverywhere(server, { port: 0, host: '127.0.0.1', acceptFailed });
  t.after(() => server.close());
  // What Node does when the system has no file left for it.
  server.emit('error', new Error('accept EMFILE'));
  assert.deepEqual(told, ['accept EMFILE']);
});

it('A port that cannot be listened on is an error of the caller alone', async (t) => {
  const first = createServer();
  const told: string[] = [];
  const acceptFailed = (error: Error) => told.push(error.message);
  const port = await listenEverywhere(first, { port: 0, host: '127.0.0.1', acceptFailed });
  t.after(() => first.close());
  const second = listenEverywhere(createServer(), { port, host: '127.0.0.1', acceptFailed });
  await assert.rejects(second, { code: 'EADDRINUSE' });
  assert.deepEqual(told, []);
});
