import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildServer, packageRoot } from './child-server.ts';
import { HOST, type RunningSystem, type StartOptions, type System } from './system.ts';

/** The real program, started as an operator would, on free ports. `extraArgs` are further settings of it. */
export function sluiceSystem(extraArgs: readonly string[] = []): System {
  return {
    name: ['sluice', ...extraArgs].join(' '),
    role: 'ours',
    transports: ['http', 'ws', 'rtmp'],
    takesStreams: true,
    start: (options) => start(options, extraArgs),
  };
}

async function start(options: StartOptions, extraArgs: readonly string[]): Promise<RunningSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const settings: Record<string, string> = {
    host: HOST,
    'rtmp-port': '0',
    'http-port': '0',
    'data-dir': folder,
    'log-format': 'json',
    'log-level': 'warn',
  };
  const ports = { rtmp: 0, http: 0 };
  const server = await ChildServer.start({
    ...options,
    script: join(packageRoot, 'dist/server/main.js'),
    args: [...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]), ...extraArgs],
    cwd: folder,
    ready: (line) => {
      ports.http ||= Number(/"label":"Watch".*localhost:(\d+)\//.exec(line)?.[1] ?? 0);
      ports.rtmp ||= Number(/"label":"Server".*localhost:(\d+)\//.exec(line)?.[1] ?? 0);
      return ports.http > 0 && ports.rtmp > 0;
    },
  });
  return {
    httpPort: ports.http,
    rtmpPort: ports.rtmp,
    usage: () => server.usage(),
    metrics: () => scrape(`http://${HOST}:${ports.http}/metrics`),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Prometheus text as a map from series to value. */
async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
