import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import { AdminFeedMessage, PublicFeedMessage } from '../../shared/contract/live-feed.ts';
import { createHealth } from '../ops/health.ts';
import { type ApiFixture, bearer, startApi, TOKEN } from '../test/api-fixture.ts';
import { aSession, aStream, FakeHub } from '../test/fake-hub.ts';
import { LiveFeed } from './live-feed.ts';

/** A page with the feed open; messages are taken in order. */
class Page {
  readonly socket: WebSocket;
  readonly #messages: unknown[] = [];
  #wake: (() => void) | undefined;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data, isBinary) => {
      assert(!isBinary, 'text messages');
      this.#messages.push(JSON.parse(String(data)));
      this.#wake?.();
    });
  }

  async next<T>(): Promise<T> {
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        this.socket.once('close', () => reject(new Error('the feed was closed')));
        this.socket.once('error', reject);
      });
    }
    return this.#messages.shift() as T;
  }

  /** Messages up to the first of a type: the figures of each second may come between. */
  async nextOf(type: string): Promise<AdminFeedMessage> {
    for (;;) {
      const message = await this.next<AdminFeedMessage>();
      if (message.type === type) return message;
    }
  }
}

let api: ApiFixture;
let base: string;
let pages: Page[];

function open(query = '', headers: Record<string, string> = {}): Page {
  const page = new Page(`ws://${base}/api/v1/live${query}`, headers);
  pages.push(page);
  return page;
}

/** The status that a handshake was answered with instead of 101. */
async function refusedWith(query: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const socket = new WebSocket(`ws://${base}/api/v1/live${query}`, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  const chunks = await response.toArray();
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { error: { code: string } };
  return [response.statusCode, body.error.code];
}

async function start(config: Record<string, unknown> = {}): Promise<void> {
  api = await startApi({ config });
  pages = [];
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const address = api.app.server.address();
  assert(typeof address === 'object' && address !== null);
  base = `127.0.0.1:${address.port}`;
}

async function stop(): Promise<void> {
  for (const page of pages) page.socket.terminate();
  await api.close();
}

describe('the public live feed', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('says what is live, then each change', async () => {
    api.hub.publish(aStream());
    const page = open();
    const hello = await page.next<PublicFeedMessage>();
    assert(Value.Check(PublicFeedMessage, hello));
    assert(hello.type === 'hello');
    assert.deepEqual(
      hello.streams.map((stream) => stream.name),
      ['live/main'],
    );
    assert.equal('publisher' in hello.streams[0]!, false);
    api.hub.publish(aStream({ name: 'live/two' }));
    api.hub.streamMap.set('live/two', aStream({ name: 'live/two', state: 'interrupted' }));
    api.hub.emit({ type: 'interrupted', stream: 'live/two', graceMs: 1000 });
    api.hub.end('live/two');
    const published = await page.next<PublicFeedMessage>();
    const interrupted = await page.next<PublicFeedMessage>();
    assert(published.type === 'stream' && interrupted.type === 'stream');
    assert.deepEqual([published.stream.state, interrupted.stream.state], ['live', 'interrupted']);
    assert.deepEqual(await page.next(), { type: 'gone', name: 'live/two' });
  });

  it('speaks of one stream only when asked to', async () => {
    api.hub.publish(aStream());
    const page = open('?stream=live/two');
    const hello = await page.next<PublicFeedMessage>();
    assert(hello.type === 'hello');
    assert.deepEqual(hello.streams, []);
    api.hub.emit({ type: 'changed', stream: 'live/main' });
    api.hub.publish(aStream({ name: 'live/two' }));
    const message = await page.next<PublicFeedMessage>();
    assert(message.type === 'stream');
    assert.equal(message.stream.name, 'live/two');
  });

  it('knows the operator by the session and the page that it came from, and takes nobody else for one', async () => {
    const login = api.auth.login({ address: '127.0.0.1', token: TOKEN });
    assert(login.ok);
    const cookie = `sluice_admin=${login.session}`;
    const origin = `http://${base}`;
    for (const [headers, operator] of [
      [{}, false],
      [{ cookie, origin }, true],
      [{ cookie }, false],
      [{ cookie, origin: 'http://evil.example' }, false],
      [{ cookie: `${cookie}x`, origin }, false],
      [{ ...bearer, origin }, false],
    ] as const) {
      const hello = await open('', headers).next<PublicFeedMessage>();
      assert(hello.type === 'hello');
      assert.equal(hello.operator, operator, JSON.stringify(headers));
      assert.equal(hello.publicList, true);
    }
  });

  it('names nothing but the asked stream when the list is private', async () => {
    await stop();
    await start({ 'web.public_list': false });
    api.hub.publish(aStream());
    const everything = open();
    const one = open('?stream=live/main');
    const [hello, helloOne] = [
      await everything.next<PublicFeedMessage>(),
      await one.next<PublicFeedMessage>(),
    ];
    assert(hello.type === 'hello' && helloOne.type === 'hello');
    assert.deepEqual([hello.streams.length, helloOne.streams.length], [0, 1]);
    assert.deepEqual([hello.publicList, helloOne.publicList], [false, false]);
    api.hub.end('live/main');
    assert.deepEqual(await one.next(), { type: 'gone', name: 'live/main' });
  });

  it('has the same server id for every page of one process', async () => {
    const hellos = [await open().next<PublicFeedMessage>(), await open().next<PublicFeedMessage>()];
    assert(hellos[0]?.type === 'hello' && hellos[1]?.type === 'hello');
    assert.match(hellos[0].serverId, /^[0-9a-f]{16}$/);
    assert.equal(hellos[0].serverId, hellos[1].serverId);
  });

  it('refuses names that cannot be and queries that mean nothing', async () => {
    assert.deepEqual(await refusedWith('?stream=live'), [400, 'name-invalid']);
    assert.deepEqual(await refusedWith('?scope=root'), [400, 'bad-request']);
  });

  it('takes no page while the server stops', async () => {
    api.health.drain();
    assert.deepEqual(await refusedWith(''), [503, 'draining']);
  });

  it('answers plain HTTP with a sentence', async () => {
    const response = await api.app.inject({ method: 'GET', url: '/api/v1/live' });
    assert.equal(response.json<{ error: { code: string } }>().error.code, 'bad-request');
  });

  it('ends a page that sends more than a few bytes or breaks the protocol, and no other', async () => {
    const [good, chatty, broken] = [open(), open(), open()];
    await Promise.all([good.next(), chatty.next(), broken.next()]);
    chatty.socket.send('x'.repeat(5000));
    await once(chatty.socket, 'close');
    // A frame with all reserved bits set.
    const raw = broken.socket as unknown as { _socket: { write(bytes: Uint8Array): void } };
    raw._socket.write(Uint8Array.of(0xf1, 0x80, 0, 0, 0, 0));
    await once(broken.socket, 'close');
    good.socket.send('hello?');
    api.hub.publish(aStream());
    assert.equal((await good.next<PublicFeedMessage>()).type, 'stream');
  });
});

describe('the admin live feed', () => {
  before(() => start());
  after(stop);

  it('needs a token, and with a cookie also a page of this server', async () => {
    assert.deepEqual(await refusedWith('?scope=admin'), [401, 'unauthorized']);
    const login = await api.app.inject({ method: 'POST', url: '/api/v1/login', payload: { token: TOKEN } });
    const cookie = `sluice_admin=${login.cookies[0]?.value}`;
    assert.deepEqual(await refusedWith('?scope=admin', { cookie }), [403, 'forbidden-origin']);
    const foreign = { cookie, origin: 'http://evil.example' };
    assert.deepEqual(await refusedWith('?scope=admin', foreign), [403, 'forbidden-origin']);
    const own = open('?scope=admin', { cookie, origin: `http://${base}` });
    assert.equal((await own.next<AdminFeedMessage>()).type, 'hello');
    const foreignBearer = { ...bearer, origin: 'http://evil.example' };
    assert.deepEqual(await refusedWith('?scope=admin', foreignBearer), [403, 'forbidden-origin']);
  });

  it('carries everything, news at once and figures each second', async () => {
    api.hub.publish(aStream({ warnings: [{ code: 'x', message: 'm', advice: 'a' }] }));
    api.notices.refused({ stream: 'live/a', address: '10.0.0.1', message: 'no.' });
    const page = open('?scope=admin', bearer);
    const hello = await page.next<AdminFeedMessage>();
    assert(Value.Check(AdminFeedMessage, hello), JSON.stringify(hello));
    assert(hello.type === 'hello');
    assert.deepEqual([hello.streams.length, hello.notices.length, hello.server.name], [1, 1, 'sluice']);
    api.notices.failed({ stream: null, address: '10.0.0.2', message: 'gone.' });
    const news = await page.nextOf('notice');
    assert(news.type === 'notice' && Value.Check(AdminFeedMessage, news));
    assert.equal(news.notice.kind, 'failed');
    const figures = await page.nextOf('server');
    assert(Value.Check(AdminFeedMessage, figures));
    api.hub.end('live/main');
    assert.deepEqual(await page.nextOf('gone'), { type: 'gone', name: 'live/main' });
  });
});

describe('the live feed and its pages', () => {
  /** A page as the feed sees it. */
  class FakeSocket {
    readonly OPEN = 1;
    readyState = 1;
    bufferedAmount = 0;
    terminated = false;
    readonly sent: Buffer[] = [];
    once(): void {}
    send(bytes: Buffer): void {
      this.sent.push(bytes);
    }
    terminate(): void {
      this.terminated = true;
    }
  }

  function setUp() {
    const hub = new FakeHub();
    const health = createHealth();
    const feed = new LiveFeed({
      hub,
      notices: api.notices,
      info: () => ({ name: 'sluice' }) as never,
      health,
      config: { web: { publicList: true } } as never,
      serverId: 'id',
    });
    return { hub, feed, health };
  }
  const asSocket = (socket: FakeSocket) => socket as never;

  before(() => start());
  after(stop);

  it('cut a page that does not read, and only that one', () => {
    const { hub, feed } = setUp();
    const [stuck, good] = [new FakeSocket(), new FakeSocket()];
    feed.addPublic(asSocket(stuck), null);
    feed.addPublic(asSocket(good), null);
    stuck.bufferedAmount = 1024 * 1024 + 1;
    hub.publish(aStream());
    assert.deepEqual([stuck.terminated, stuck.sent.length], [true, 1]);
    assert.deepEqual([good.terminated, good.sent.length], [false, 2]);
    feed.close();
  });

  it('are not told that streams end because the server stops', () => {
    const { hub, feed, health } = setUp();
    const [page, dashboard] = [new FakeSocket(), new FakeSocket()];
    hub.publish(aStream());
    feed.addPublic(asSocket(page), null);
    feed.addAdmin(asSocket(dashboard));
    health.drain();
    hub.end('live/main');
    feed.tick();
    assert.deepEqual([page.sent.length, dashboard.sent.length], [1, 1], 'hello and no more');
    feed.close();
  });

  it('encode a message once for all dashboards', () => {
    const { hub, feed } = setUp();
    const [one, two] = [new FakeSocket(), new FakeSocket()];
    feed.addAdmin(asSocket(one));
    feed.addAdmin(asSocket(two));
    hub.publish(aStream());
    feed.tick();
    assert.equal(one.sent.length, 4, 'hello, stream at once, stream and server each second');
    for (let i = 1; i < 4; i++) assert.equal(one.sent[i], two.sent[i]);
    feed.close();
  });

  it('hear of ten changes of a stream at once, and of the rest within a second', () => {
    const { hub, feed } = setUp();
    const page = new FakeSocket();
    const dashboard = new FakeSocket();
    feed.addPublic(asSocket(page), null);
    feed.addAdmin(asSocket(dashboard));
    hub.streamMap.set('live/main', aStream());
    for (let i = 0; i < 1000; i++) hub.emit({ type: 'changed', stream: 'live/main' });
    assert.deepEqual([page.sent.length, dashboard.sent.length], [11, 11], 'hello, and ten');
    hub.emit({ type: 'interrupted', stream: 'live/main', graceMs: 1000 });
    assert.deepEqual([page.sent.length, dashboard.sent.length], [12, 12], 'other news are told at once');
    hub.emit({ type: 'changed', stream: 'live/main' });
    feed.tick();
    // The stream for both, and what the server does for the dashboard.
    assert.deepEqual([page.sent.length, dashboard.sent.length], [13, 14]);
    hub.emit({ type: 'changed', stream: 'live/main' });
    assert.equal(page.sent.length, 14);
    feed.close();
  });

  it('hear of viewers at most once a second, whatever their number', () => {
    const { hub, feed } = setUp();
    const page = new FakeSocket();
    feed.addPublic(asSocket(page), null);
    hub.streamMap.set('live/main', aStream());
    for (let i = 0; i < 100; i++)
      hub.emit({ type: 'viewer-joined', stream: 'live/main', session: aSession() });
    assert.equal(page.sent.length, 1);
    feed.tick();
    feed.tick();
    assert.equal(page.sent.length, 2);
    feed.close();
    assert.equal(hub.listeners.size, 0);
  });
});
