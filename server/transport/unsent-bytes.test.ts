import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { unsentBytes } from './unsent-bytes.ts';

/** More than the kernel keeps for a line on one machine. */
const LARGE = 32 * 1024 * 1024;

async function line(): Promise<{ near: Socket; far: Socket; close(): void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const far = connect(port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  const close = () => {
    near.destroy();
    far.destroy();
    server.close();
  };
  return { near, far, close };
}

describe('unsentBytes', () => {
  it('falls while one large write goes out, where the length of the queue does not', async (t) => {
    const { near, far, close } = await line();
    t.after(close);
    near.write(new Uint8Array(LARGE));
    near.write(new Uint8Array(1_000));
    const before = unsentBytes(near);
    assert.ok(before > 0 && before < LARGE + 1_000);
    let read = 0;
    far.on('data', (bytes) => {
      read += bytes.length;
    });
    while (read < LARGE / 2) await once(far, 'data');
    assert.equal(near.writableLength, LARGE + 1_000, 'the write is not over');
    assert.ok(unsentBytes(near) <= LARGE + 1_000 - read);
    await once(near, 'drain');
    assert.equal(unsentBytes(near), 0);
  });

  it('is nothing on a line that is gone', async (t) => {
    const { near, close } = await line();
    t.after(close);
    near.destroy();
    assert.equal(unsentBytes(near), near.writableLength);
  });
});
