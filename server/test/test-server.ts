import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Stream } from '../../shared/contract/streams.ts';
import { type App, type StartOptions, startApp } from '../app.ts';
import { defaultConfig } from '../config/load.ts';

const TOKEN = 'test-token';

/** A whole server on free ports, and what it logged. */
export interface TestServer extends App {
  readonly logLines: string[];
  readonly dataDir: string;
  /** The fields of the next log line, from the start on, whose message is this; waits for it. */
  logged(message: string, nth?: number): Promise<Record<string, unknown>>;
  readonly http: string;
  readonly ws: string;
  /** Calls the API as the operator. */
  api(path: string, init?: RequestInit): Promise<Response>;
  stream(name: string): Promise<Stream | undefined>;
}

/** Starts a server that is stopped when the test ends. */
export async function startTestServer(
  test: TestContext,
  settings: Readonly<Record<string, unknown>> = {},
  more: Pick<StartOptions, 'files'> = {},
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const logLines: string[] = [];
  const lookouts = new Set<() => void>();
  const config = defaultConfig({
    host: '127.0.0.1',
    'rtmp.port': 0,
    'http.port': 0,
    'data.dir': dataDir,
    'admin.token': TOKEN,
    'log.level': 'debug',
    'log.format': 'json',
    ...settings,
  });
  const app = await startApp({
    ...more,
    config,
    writeLog: (line) => {
      logLines.push(line);
      for (const look of [...lookouts]) look();
    },
  });
  test.after(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const http = `http://127.0.0.1:${app.httpPort}`;
  const api = (path: string, init: RequestInit = {}) =>
    fetch(`${http}/api/v1/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
    });
  return {
    ...app,
    logLines,
    dataDir,
    logged(message, nth = 1) {
      return new Promise((resolve) => {
        const look = () => {
          const found = logLines
            .map((line) => JSON.parse(line) as Record<string, unknown>)
            .filter(({ msg }) => msg === message);
          const line = found[nth - 1];
          if (!line) return;
          lookouts.delete(look);
          resolve(line);
        };
        lookouts.add(look);
        look();
      });
    },
    http,
    ws: `ws://127.0.0.1:${app.httpPort}`,
    api,
    async stream(name) {
      const answer = await api(`streams/${name}`);
      return answer.ok ? ((await answer.json()) as Stream) : undefined;
    },
  };
}
