import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { readInPlace } from './read-in-place.ts';

/** An accepted socket and the one that talks to it. */
async function pair(t: TestContext): Promise<{ accepted: Socket; client: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  t.after(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { accepted, client };
}

/** Collects what a socket receives, as copies. */
function collect(socket: Socket): Buffer[] {
  const pieces: Buffer[] = [];
  readInPlace(socket, (bytes) => pieces.push(Buffer.from(bytes)));
  return pieces;
}

/** More than one read, and different at each place. */
const noise = (seed: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * seed) >> 3));

describe('readInPlace', () => {
  it('hands over all bytes of each socket in order, whatever others receive', async (t) => {
    const pairs = await Promise.all(
      [3, 5, 7].map(async (seed) => ({ ...(await pair(t)), sent: noise(seed) })),
    );
    const received = pairs.map(({ accepted }) => collect(accepted));
    for (const { client, sent } of pairs) client.end(sent);
    await Promise.all(pairs.map(({ accepted }) => once(accepted, 'end')));
    for (const [index, { sent }] of pairs.entries()) {
      assert.ok(Buffer.concat(received[index] ?? []).equals(sent));
    }
  });

  it('hands over first what was put back', async (t) => {
    const { accepted, client } = await pair(t);
    accepted.unshift(Buffer.from('first '));
    const pieces = collect(accepted);
    client.end('second');
    await once(accepted, 'end');
    assert.equal(Buffer.concat(pieces).toString(), 'first second');
  });

  it('reads by events what has no such socket under it', async () => {
    const stream = new PassThrough();
    const pieces = collect(stream as unknown as Socket);
    stream.end('bytes');
    await once(stream, 'end');
    assert.equal(Buffer.concat(pieces).toString(), 'bytes');
  });
});
