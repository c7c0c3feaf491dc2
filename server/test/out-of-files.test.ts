import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it, type TestContext } from 'node:test';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';

/** Compiled, this file lies beside the entry's folder. */
const entry = join(import.meta.dirname, '../main.js');
/** More than the process needs for itself, and fewer than with all who come. A start within so few is impossible. */
const FILES = 60;
const COMERS = 80;

interface Line {
  readonly msg?: string;
  readonly label?: string;
  readonly value?: string;
}

/** A server in a process of its own, and the lines that it writes. */
async function startChild(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  const ports = ['--rtmp-port', '0', '--http-port', '0', '--host', '127.0.0.1', '--data-dir', dataDir];
  const child = spawn(process.execPath, [entry, ...ports, '--log-format', 'json'], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const lines: Line[] = [];
  const waiters = new Set<() => void>();
  createInterface(child.stdout).on('line', (text) => {
    lines.push(JSON.parse(text) as Line);
    for (const look of [...waiters]) look();
  });
  const line = (is: (one: Line) => boolean) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const found = lines.find(is);
        if (!found) return;
        waiters.delete(look);
        resolve(found);
      };
      waiters.add(look);
      look();
    });
  await line(({ label }) => label === 'Stream key');
  const portOf = (label: string) =>
    Number(/:(\d+)/.exec(lines.find((one) => one.label === label)?.value ?? '')?.[1]);
  return { pid: child.pid ?? 0, lines, line, portOf };
}

/** Linux can take files from a process that runs. */
const cannot = spawnSync('prlimit', ['--version']).status !== 0 && 'there is no prlimit';

it('A server without a free file says so, goes on with whom it has, and takes connections again when there are files', {
  skip: cannot,
}, async (t) => {
  const { pid, lines, line, portOf } = await startChild(t);
  const rtmpPort = portOf('Server');
  const held: Socket[] = [];
  const client = await goOnAir({ rtmpPort });
  t.after(() => client.stop());
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${FILES}:${FILES}`]);
  for (let i = 0; i < COMERS; i++) {
    const socket = connect(rtmpPort, '127.0.0.1');
    socket.on('error', () => {});
    held.push(socket);
  }
  await line(({ msg }) => msg?.startsWith('no file is left') ?? false);
  client.send('video', 80, new Uint8Array(100));
  client.flush();
  for (const socket of held) socket.destroy();
  await line(({ msg }) => msg?.startsWith('there are files') ?? false);
  const dial = await RtmpDial.connected(rtmpPort);
  await dial.roundTrip();
  dial.socket.destroy();
  const metrics = await (await fetch(`http://127.0.0.1:${portOf('Dashboard')}/metrics`)).text();
  assert.match(metrics, /^sluice_out_of_files_seconds_total [1-9]/m);
  const told = lines.filter(({ msg }) => msg?.startsWith('no file is left')).length;
  assert.ok(told >= 1 && told <= 10, `${told} lines`);
});
