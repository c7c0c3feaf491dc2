import { join } from 'node:path';
import { ChildServer } from './child-server.ts';
import type { RunningSystem, StartOptions, System } from './system.ts';

/** How the bare loop gathers tags: up to each video frame, or for so many milliseconds. */
export type FloorFlush = 'frame' | 50 | 100;

/** A bare `net` loop with a source of its own: what Node itself costs, with no server around it. */
export function floorSystem(flush: FloorFlush): System {
  return {
    name: flush === 'frame' ? 'floor, per frame' : `floor, ${flush} ms`,
    role: 'floor',
    transports: ['http'],
    takesStreams: false,
    start: (options) => start(options, 'floor-server.js', ['--flush', String(flush)]),
  };
}

/** A bare loop that takes streams in and follows their chunks, and does nothing with them. */
export function floorIngestSystem(): System {
  return {
    name: 'floor, read and parse',
    role: 'floor',
    transports: [],
    takesStreams: true,
    start: (options) => start(options, 'floor-ingest-server.js', []),
  };
}

async function start(options: StartOptions, script: string, args: readonly string[]): Promise<RunningSystem> {
  let port = 0;
  const server = await ChildServer.start({
    ...options,
    script: join(import.meta.dirname, script),
    args,
    ready: (line) => {
      port = Number(/^port (\d+)$/.exec(line)?.[1] ?? 0);
      return port > 0;
    },
  });
  return {
    httpPort: port,
    rtmpPort: port,
    usage: () => server.usage(),
    metrics: async () => new Map(),
    stop: () => server.stop(),
  };
}
