import { WebSocket } from 'ws';
import type { Bench } from './bench.ts';
import { expect, type Trial } from './trial.ts';
import { until } from './until.ts';

/** Every place where a stream that is live can be looked at. */
function lookedAt(name: string): string[] {
  return [
    '/api/v1/streams',
    `/api/v1/streams/${encodeURIComponent(name)}`,
    '/api/v1/sessions',
    '/api/v1/server',
    '/metrics',
    '/',
    `/watch/${name}`,
    `/embed/${name}`,
    '/admin',
  ];
}

/** Throws if the publishing secret shows anywhere while `name` is live. */
export async function expectSecretUnseen(bench: Bench, name: string): Promise<void> {
  const { gateway, secret } = bench;
  for (const path of lookedAt(name)) {
    expect(!(await gateway.text(path)).includes(secret), `the secret shows at ${path}`);
  }
  expect(!(await liveFeed(bench)).includes(secret), 'the secret shows in the live feed');
  expectSecretUnwritten(bench);
}

/** Comes last: every publish of the run, refused ones too, had the secret in its key. */
export const secretTrial: Trial = {
  chapter: 'publish',
  client: 'all of them',
  title: 'publish with KEY?token=SECRET',
  needs: [],
  run: async (bench) => {
    expectSecretUnwritten(bench);
    const lines = bench.allLogs.split('\n').length;
    return `the secret stands in none of ${lines} log lines (debug level) and in no file of the servers`;
  },
};

/** Throws if a log at debug level, or a file of the server, holds it. */
function expectSecretUnwritten({ allLogs, gateway, secret }: Bench): void {
  expect(!allLogs.includes(secret), 'the secret stands in the log');
  expect(!gateway.storedText.includes(secret), 'the secret stands in the data folder');
}

/** What the dashboard gets in its first moments. */
async function liveFeed({ gateway }: Bench): Promise<string> {
  const url = gateway.http('/api/v1/live').replace('http:', 'ws:');
  const socket = new WebSocket(url, { headers: gateway.adminHeaders });
  let text = '';
  let messages = 0;
  socket.on('message', (message: Buffer) => {
    text += message.toString();
    messages += 1;
  });
  try {
    await until(() => messages >= 2, 5000, 'the second message of the live feed');
  } finally {
    socket.terminate();
  }
  return text;
}
