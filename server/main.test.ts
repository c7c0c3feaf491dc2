import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { namedKeys } from './config/schema.ts';

/** The compiled entry beside this compiled test. */
const entry = join(import.meta.dirname, 'main.js');

let cwd: string;
let children: ChildProcess[];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-main-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(cwd, { recursive: true, force: true });
});

function launch(...args: string[]) {
  return launchBy([process.execPath], ...args);
}

/** `command`: what runs the program, with options of its own. */
function launchBy(command: readonly [string, ...string[]], ...args: string[]) {
  const env = { PATH: process.env.PATH ?? '' };
  const [program, ...options] = command;
  const child = spawn(program, [...options, entry, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function runToEnd(...args: string[]) {
  const child = launch(...args);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code: code as number | null };
}

/** A started server and the lines that say where it is. */
function serve(...args: string[]) {
  return serveBy([process.execPath], ...args);
}

async function serveBy(command: readonly [string, ...string[]], ...args: string[]) {
  const child = launchBy(command, '--rtmp-port', '0', '--http-port', '0', '--host', '127.0.0.1', ...args);
  const labels = new Map<string, string>();
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const { label, value } = JSON.parse(line) as { label?: string; value?: string };
    if (label !== undefined && value !== undefined) labels.set(label, value);
    if (label === 'Stream key') break;
  }
  child.stdout.resume();
  const valueFor = (label: string) => labels.get(label) ?? assert.fail(`no line for ${label}`);
  return { child, valueFor };
}

describe('the program', () => {
  it('answers --help and --version without starting', async () => {
    const help = await runToEnd('--help');
    assert.equal(help.code, 0);
    for (const { flag } of namedKeys) assert(help.out.includes(flag), flag);
    const version = await runToEnd('--version');
    assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
    assert.throws(() => statSync(join(cwd, 'data')));
  });

  it('stops with code 2 and one line on a wrong setting', async () => {
    for (const args of [
      ['--rtmp-port', 'abc'],
      ['--rtmp-prot', '1'],
      ['--config', 'gone.yaml'],
      ['--data-dir', '/dev/null/data'],
    ]) {
      const { out, err, code } = await runToEnd(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^[^\n]+expected[^\n]+\n$/);
    }
  });

  it('stops with code 1 and one line that names the setting on a busy port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    assert(typeof address === 'object' && address !== null);
    const others = ['--host', '127.0.0.1', '--log-level', 'fatal'];
    for (const [flag, other] of [
      ['--rtmp-port', '--http-port'],
      ['--http-port', '--rtmp-port'],
    ] as const) {
      const { err, code } = await runToEnd(flag, String(address.port), other, '0', ...others);
      assert.equal(code, 1);
      assert.match(err, new RegExp(`^Port ${address.port} .*in use[^\\n]*${flag}[^\\n]*\\n$`));
    }
    holder.close();
  });

  it('prints addresses that work and a dashboard link with the token that was made', async () => {
    const { child, valueFor } = await serve();
    const admin = new URL(valueFor('Dashboard'));
    const token = admin.searchParams.get('token') ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(new URL('/api/v1/server', admin), { headers });
    assert.equal(response.status, 200);
    const info = (await response.json()) as { rtmpPort: number };
    assert.equal(valueFor('Server'), `rtmp://localhost:${info.rtmpPort}/live`);
    assert.equal(valueFor('Stream key'), 'main');
    assert.equal(statSync(join(cwd, 'data/admin-token')).mode & 0o777, 0o600);
    assert.equal((await fetch(valueFor('All streams'))).headers.get('x-content-type-options'), 'nosniff');
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`exits with 0 on ${signal}, also when the same request comes twice at once`, async () => {
      const { child } = await serve();
      child.kill(signal);
      child.kill(signal);
      const [code] = await once(child, 'exit');
      assert.equal(code, 0);
    });
  }

  it('publishes the bundled clip with --demo, and stops while it does', async () => {
    const { child, valueFor } = await serve('--demo');
    assert.match(valueFor('Watch'), /\/watch\/live\/demo$/);
    assert.equal(valueFor('Stream key'), 'main', 'the one of the demo is held by its encoder');
    const media = await fetch(valueFor('Watch').replace('/watch/', '/').concat('.flv?wait=10'));
    const reader = media.body?.getReader();
    const first = await reader?.read();
    assert.equal(Buffer.from(first?.value ?? []).toString('latin1', 0, 3), 'FLV');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    await reader?.cancel();
  });

  it('says so, ends its viewers and exits with 1 when an error is caught by nobody', async () => {
    // Something that is no part of the program throws where nobody listens.
    const fault = "process.on('SIGUSR2', () => { throw new Error('nobody caught this'); })";
    const command = [
      process.execPath,
      '--import',
      `data:text/javascript,${encodeURIComponent(fault)}`,
    ] as const;
    const { child, valueFor } = await serveBy([...command], '--demo');
    const media = await fetch(valueFor('Watch').replace('/watch/', '/').concat('.flv?wait=10'));
    assert.equal(media.status, 200);
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    child.kill('SIGUSR2');
    const [bytes, [code]] = await Promise.all([media.arrayBuffer(), once(child, 'exit')]);
    assert.ok(bytes.byteLength > 0, 'the response ended in order');
    assert.equal(code, 1);
    const fatal = lines.filter((line) => line.includes('"level":"fatal"'));
    assert.equal(fatal.length, 1);
    assert.match(fatal[0] ?? '', /nobody caught this.*an error was caught by nobody; stopping/);
  });

  it('closes what it has no free file for, goes on with the rest, and recovers', {
    skip: process.platform === 'win32' && 'there is no ulimit',
  }, async () => {
    const command = ['/bin/sh', '-c', 'ulimit -n 400; exec "$0" "$@"', process.execPath] as const;
    const { child, valueFor } = await serveBy([...command], '--demo');
    const media = await fetch(valueFor('Watch').replace('/watch/', '/').concat('.flv?wait=10'));
    const reader = media.body?.getReader();
    for (const port of ['Server', 'All streams'].map((label) => Number(new URL(valueFor(label)).port))) {
      let closed = 0;
      const full = new EventTarget();
      const sockets = Array.from({ length: 450 }, () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        socket.once('close', () => {
          closed++;
          full.dispatchEvent(new Event('closed'));
        });
        return socket;
      });
      // Some fifty find no room.
      while (closed < 30) await once(full, 'closed');
      for (let i = 0; i < 10; i++) assert.equal((await reader?.read())?.done, false);
      const gone = sockets.filter((socket) => !socket.closed).map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
      for (;;) {
        const health = await fetch(new URL('/healthz', valueFor('All streams'))).catch(() => undefined);
        if (health?.status === 200) break;
      }
    }
    await reader?.cancel();
    child.kill('SIGTERM');
    assert.equal((await once(child, 'exit'))[0], 0);
  });
});
