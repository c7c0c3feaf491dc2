import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildServer, freePort, packageRoot } from './child-server.ts';
import { HOST, type RunningSystem, type StartOptions, type System } from './system.ts';

const PACKAGE = 'node-media-server';
const VERSION = '4.4.3';
const cacheDir = join(packageRoot, 'node_modules/.cache/sluice-bench', `${PACKAGE}-${VERSION}`);
const script = join(cacheDir, 'node_modules', PACKAGE, 'bin/app.js');
const READY_LIMIT_MS = 10_000;

/**
 * The peer in Node that people use. It is no dependency of ours: it is installed into a cache folder when it is wanted.
 * Gives the reason, in one line, when it cannot be.
 */
export function peerSystem(): System | string {
  const reason = existsSync(script) ? undefined : install();
  if (reason !== undefined) return `${PACKAGE} ${VERSION} is left out: ${reason}`;
  return {
    name: PACKAGE,
    role: 'peer',
    transports: ['http', 'ws', 'rtmp'],
    takesStreams: true,
    start,
  };
}

function install(): string | undefined {
  process.stderr.write(`Installing ${PACKAGE} ${VERSION} to compare with...\n`);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(join(cacheDir, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, error } = spawnSync('npm', [...args, `${PACKAGE}@${VERSION}`], {
    cwd: cacheDir,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0 && existsSync(script)) return undefined;
  return error ? error.message : 'npm could not install it';
}

async function start(options: StartOptions): Promise<RunningSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-peer-'));
  const ports = { rtmp: await freePort(), http: await freePort() };
  const config = { bind: HOST, rtmp: { port: ports.rtmp }, http: { port: ports.http } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const server = await ChildServer.start({
    ...options,
    script,
    args: ['--config', join(folder, 'config.json')],
    cwd: folder,
    ready: () => true,
  });
  await untilListening(ports.rtmp);
  await untilListening(ports.http);
  return {
    httpPort: ports.http,
    rtmpPort: ports.rtmp,
    usage: () => server.usage(),
    metrics: async () => new Map(),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  const limitMs = performance.now() + READY_LIMIT_MS;
  while (!(await canConnect(port))) {
    if (performance.now() > limitMs) throw new Error(`${PACKAGE} does not listen on port ${port}`);
    await sleep(50);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
