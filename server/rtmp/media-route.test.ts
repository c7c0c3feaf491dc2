import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex } from '../../shared/bytes/hex.ts';
import { RawClient, testCrypto } from '../test/rtmp-kit.ts';
import type { RtmpLimits } from './limits.ts';
import { ServerSession } from './server-session.ts';

// Where media goes that comes on another message stream than the one that publishes.

const connected = (limits: Partial<RtmpLimits> = {}): RawClient => {
  const client = new RawClient(new ServerSession({ crypto: testCrypto, limits }));
  client.nowMs = 0;
  client.connect();
  return client;
};

const publishing = (id = 1, limits: Partial<RtmpLimits> = {}): RawClient => {
  const client = connected(limits);
  client.command(id, 'publish', 3, null, 'main', 'live');
  client.take();
  client.session.acceptPublish(id);
  client.replies();
  return client;
};

/** Codes of the notes so far. */
const notes = (client: RawClient): string[] => {
  client.take();
  return client.events.filter((event) => event.type === 'note').map(({ code }) => code);
};

/** Message streams of the media so far. */
const mediaOf = (client: RawClient): number[] => {
  client.take();
  return client.events.filter((event) => event.type === 'media').map((event) => event.messageStreamId);
};

const data = (messageStreamId: number, hex = '02 0001 78'): Parameters<RawClient['send']>[0] => ({
  typeId: 18,
  messageStreamId,
  body: fromHex(hex),
});

describe('Media on another message stream than the publish', () => {
  for (const [what, own, given] of [
    ['on 0, the connection itself', 1, 0],
    ['on one that nobody made', 1, 7],
    ['on the largest there is', 1, 0xffffffff],
    ['on 1 while the publish is on 0', 0, 1],
    ['on 1 while the publish is on one that was made up', 5, 1],
  ] as const) {
    it(`${what}, is taken, and noted once`, () => {
      const client = publishing(own);
      for (let i = 0; i < 3; i++) client.audio(given, 20 * i);
      assert.deepEqual(mediaOf(client), [given, given, given]);
      assert.deepEqual(notes(client), ['media-elsewhere']);
      assert.equal(client.session.droppedMedia, 0);
    });
  }

  it('is taken beside media on its own: sound here, pictures there, metadata on 0', () => {
    const client = publishing();
    client.send(data(0));
    client.audio(1, 0);
    client.send({ typeId: 9, messageStreamId: 2, chunkStreamId: 6, body: fromHex('17 00') });
    client.audio(1, 20);
    assert.deepEqual(mediaOf(client), [0, 1, 2, 1]);
  });

  it('is taken when it comes in an aggregate', () => {
    const client = publishing();
    client.send({ typeId: 22, messageStreamId: 0, body: fromHex('08 000001 000000 00 000000 aa 0000000c') });
    assert.deepEqual(mediaOf(client), [0]);
  });

  it('is held while the publish is not decided, and taken then', () => {
    const client = connected();
    client.command(1, 'publish', 3, null, 'main');
    client.send(data(0));
    client.audio(0, 0);
    assert.deepEqual(mediaOf(client), []);
    client.session.acceptPublish(1);
    assert.deepEqual(mediaOf(client), [0, 0]);
    assert.deepEqual(notes(client), ['media-elsewhere']);
  });

  it('is dropped where something plays', () => {
    const client = publishing();
    client.command(2, 'play', 4, null, 'other');
    client.take();
    client.session.acceptPlay(2);
    client.audio(2, 0);
    client.audio(1, 0);
    assert.deepEqual(mediaOf(client), [1]);
    assert.equal(client.session.droppedMedia, 1);
  });

  it('is dropped where a second publish was refused: two streams are never mixed', () => {
    const client = publishing();
    client.command(2, 'publish', 4, null, 'second');
    client.audio(2, 0);
    client.audio(1, 0);
    client.audio(0, 0);
    assert.deepEqual(mediaOf(client), [1, 0]);
    assert.equal(client.session.droppedMedia, 1);
  });

  it('is dropped where a publish ended while another goes on, until that message stream is deleted', () => {
    const client = publishing();
    client.command(0, 'FCUnpublish', 4, null, 'main');
    client.command(2, 'publish', 5, null, 'second');
    client.take();
    client.session.acceptPublish(2);
    client.audio(1, 0);
    assert.deepEqual(mediaOf(client), []);
    client.command(0, 'deleteStream', 0, null, 1);
    client.audio(1, 20);
    assert.deepEqual(mediaOf(client), [1]);
  });

  it('is dropped on what nobody can remember, because there were too many requests', () => {
    const client = publishing(1, { maxMessageStreams: 2 });
    for (const id of [2, 3, 4]) client.command(id, 'publish', 4, null, `other${id}`);
    for (const id of [2, 3, 4]) client.audio(id, 0);
    assert.deepEqual(mediaOf(client), []);
    assert.equal(client.session.droppedMedia, 3);
  });
});

describe('Media that is dropped is told', () => {
  /** Sends a message each 20 ms for this long, with time passing as it does on a connection, and gives the notes. */
  const run = (client: RawClient, ms: number, id = 1): string[] => {
    const from = client.nowMs ?? 0;
    for (let at = from; at <= from + ms; at += 20) {
      client.nowMs = at;
      client.audio(id, at);
      client.take();
      if (at % 500 === 0) client.session.passTime(at);
    }
    return notes(client);
  };

  it('within 3 s, once, when nothing was ever published', () => {
    const client = connected();
    assert.deepEqual(run(client, 2_500), ['media-without-publish']);
    assert.deepEqual(run(client, 10_000), ['media-without-publish']);
  });

  it('also when it is a single message, and nothing comes after it', () => {
    const client = connected();
    client.audio(1, 0);
    client.take();
    assert.equal(client.session.passTime(500), false);
    assert.equal(client.session.passTime(1_000), true);
    assert.deepEqual(notes(client), ['media-without-publish']);
  });

  it('not when it was only early', () => {
    const client = connected();
    run(client, 400);
    client.command(1, 'publish', 3, null, 'main');
    client.take();
    client.session.acceptPublish(1);
    assert.deepEqual(run(client, 3_000), []);
  });

  it('not when an encoder empties its queue behind the end of its publish', () => {
    const client = publishing();
    client.command(0, 'FCUnpublish', 4, null, 'main');
    run(client, 200);
    client.session.passTime(5_000);
    assert.deepEqual(notes(client), []);
  });

  it('when it goes on behind the end of the publish, each time anew', () => {
    const client = publishing();
    for (const expected of [1, 2]) {
      client.command(0, 'FCUnpublish', 4, null, 'main');
      client.take();
      assert.deepEqual(run(client, 2_500), Array(expected).fill('media-after-publish'));
      client.command(1, 'publish', 5, null, 'main');
      client.take();
      client.session.acceptPublish(1);
    }
  });

  it('when it belongs to a request that was refused, with both numbers', () => {
    const client = publishing();
    client.command(2, 'publish', 4, null, 'second');
    client.take();
    assert.deepEqual(run(client, 1_500, 2), ['media-of-other-request']);
    const note = client.events.findLast((event) => event.type === 'note');
    assert.match(note?.message ?? '', /message stream 2, which does not publish: 1 does/);
  });

  it('and nothing is told without a clock', () => {
    const client = connected();
    client.nowMs = undefined;
    client.audio(1, 0);
    client.take();
    assert.equal(client.session.passTime(60_000), false);
    assert.equal(client.session.droppedMedia, 1);
  });
});
