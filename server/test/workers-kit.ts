import type { TestContext } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export const WORKER_READY = 'a delivery worker is ready';
export const WORKER_DIED = 'a delivery worker died; another one starts';

/** A server whose delivery workers are ready, with their process ids. */
export async function startWithWorkers(
  test: TestContext,
  workers: number,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<{ server: TestServer; pids: number[] }> {
  const server = await startTestServer(test, { ...settings, workers });
  const pids: number[] = [];
  for (let nth = 1; nth <= workers; nth++) pids.push(Number((await server.logged(WORKER_READY, nth)).pid));
  return { server, pids };
}

export const watchHttp = (server: TestServer, key = 'a') => FlvViewer.http(`${server.http}/live/${key}.flv`);
export const watchWs = (server: TestServer, key = 'a') => FlvViewer.ws(`${server.ws}/live/${key}.flv`);

/** What `/metrics` says of one series. */
export async function metric(server: TestServer, series: string): Promise<number | undefined> {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
