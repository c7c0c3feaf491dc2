import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Value } from 'typebox/value';
import { ErrorBody, ServerInfo } from '../../shared/contract/server-info.ts';
import { Session } from '../../shared/contract/sessions.ts';
import { Stream } from '../../shared/contract/streams.ts';
import { type ApiFixture, bearer, startApi, TOKEN } from '../test/api-fixture.ts';
import { aSession, aStream } from '../test/fake-hub.ts';

let api: ApiFixture;
const request = (
  method: 'GET' | 'PUT' | 'DELETE' | 'POST',
  url: string,
  headers: Record<string, string> = bearer,
) => api.app.inject({ method, url, headers });

/** Asserts the common shape and returns the code. */
function codeOf(response: { body: string; headers: Record<string, unknown> }): string {
  assert.match(String(response.headers['content-type']), /^application\/json/);
  const body: unknown = JSON.parse(response.body);
  assert(Value.Check(ErrorBody, body), response.body);
  assert.deepEqual(Object.keys(body), ['error']);
  assert.deepEqual(Object.keys(body.error).sort(), ['code', 'message']);
  return body.error.code;
}

describe('the API', () => {
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());

  it('describes the server', async () => {
    const response = await request('GET', '/api/v1/server');
    assert.equal(response.statusCode, 200);
    assert(Value.Check(ServerInfo, response.json()));
  });

  it('lists streams in the shape of the contract', async () => {
    api.hub.publish(aStream());
    api.hub.publish(
      aStream({ name: 'live/bare', publisher: null, video: null, audio: null, frameRate: null }),
    );
    const body = (await request('GET', '/api/v1/streams')).json<{ total: number; items: Stream[] }>();
    assert.equal(body.total, 2);
    for (const item of body.items) assert(Value.Check(Stream, item), JSON.stringify(item));
    assert.equal(body.items[0]?.publisher?.sessionId, 'c-1');
    assert.deepEqual(body.items[0]?.viewers, { total: 3, httpFlv: 1, wsFlv: 2, rtmp: 0 });
    assert.equal(body.items[1]?.video, null);
  });

  it('finds a stream by its name with slashes as they are or encoded, in any script', async () => {
    api.hub.publish(aStream({ name: 'live/sub/room' }));
    api.hub.publish(aStream({ name: 'live/Zürich' }));
    for (const url of ['live/sub/room', 'live%2Fsub%2Froom', 'live/sub%2froom', 'live%2FZ%C3%BCrich']) {
      const response = await request('GET', `/api/v1/streams/${url}`);
      assert.equal(response.statusCode, 200, url);
    }
  });

  it('says why a stream is not there', async () => {
    for (const [url, status, code] of [
      ['live/none', 404, 'stream-not-live'],
      ['live', 400, 'name-invalid'],
      ['live/..%2f..%2fetc', 400, 'name-invalid'],
      ['live/a%20b', 400, 'name-invalid'],
      ['live/%zz', 400, 'bad-request'],
    ] as const) {
      const response = await request('GET', `/api/v1/streams/${url}`);
      assert.deepEqual([response.statusCode, codeOf(response)], [status, code], url);
    }
  });

  it('ends a stream once', async () => {
    api.hub.publish(aStream());
    assert.equal((await request('DELETE', '/api/v1/streams/live%2Fmain')).statusCode, 204);
    assert.deepEqual(api.hub.kicked, ['live/main']);
    assert.equal(codeOf(await request('DELETE', '/api/v1/streams/live/main')), 'stream-not-live');
  });

  it('lists sessions by role, by stream and in pages', async () => {
    for (let i = 0; i < 5; i++) {
      const id = `v-${i}`;
      api.hub.sessionMap.set(id, aSession({ id, role: 'viewer', stream: i < 3 ? 'live/a' : 'live/b' }));
    }
    api.hub.sessionMap.set('p-1', aSession({ id: 'p-1', stream: 'live/a' }));
    const ids = async (query: string) => {
      const body = (await request('GET', `/api/v1/sessions?${query}`)).json<{
        total: number;
        items: Session[];
      }>();
      for (const item of body.items) assert(Value.Check(Session, item));
      return [body.total, ...body.items.map((item) => item.id)];
    };
    assert.deepEqual(await ids('role=publisher'), [1, 'p-1']);
    assert.deepEqual(await ids('role=viewer&stream=live/b'), [2, 'v-3', 'v-4']);
    assert.deepEqual(await ids('limit=2&offset=3'), [6, 'v-3', 'v-4']);
    assert.deepEqual(await ids('offset=99'), [6]);
    for (const query of ['limit=0', 'limit=1001', 'offset=-1', 'role=owner', 'limit=x', 'limit=1.5']) {
      const response = await request('GET', `/api/v1/sessions?${query}`);
      assert.deepEqual([response.statusCode, codeOf(response)], [400, 'bad-request'], query);
    }
  });

  it('shows and ends one session', async () => {
    api.hub.sessionMap.set('c-1', aSession());
    assert(Value.Check(Session, (await request('GET', '/api/v1/sessions/c-1')).json()));
    assert.equal((await request('DELETE', '/api/v1/sessions/c-1')).statusCode, 204);
    const gone = await request('GET', '/api/v1/sessions/c-1');
    assert.deepEqual([gone.statusCode, codeOf(gone)], [404, 'session-not-found']);
    assert.equal(codeOf(await request('DELETE', '/api/v1/sessions/c-1')), 'session-not-found');
  });

  it('asks a publisher to reconnect, and says so when it cannot be asked', async () => {
    api.hub.sessionMap.set('c-1', aSession());
    const url = '/api/v1/sessions/c-1/reconnect';
    const cannot = await request('POST', url);
    assert.deepEqual([cannot.statusCode, codeOf(cannot)], [409, 'cannot-reconnect']);
    assert.deepEqual(api.hub.asked, []);
    api.hub.reconnecting.add('c-1');
    assert.equal((await request('POST', url)).statusCode, 204);
    assert.deepEqual(api.hub.asked, ['c-1']);
    assert.equal(codeOf(await request('POST', '/api/v1/sessions/nobody/reconnect')), 'session-not-found');
  });

  it('lets nobody in without the token, whatever the address', async () => {
    api.hub.publish(aStream());
    for (const [method, url] of [
      ['GET', '/api/v1/server'],
      ['GET', '/api/v1/streams'],
      ['GET', '/api/v1/streams/live/main'],
      ['DELETE', '/api/v1/streams/live/main'],
      ['GET', '/api/v1/sessions'],
      ['DELETE', '/api/v1/sessions/c-1'],
      ['POST', '/api/v1/sessions/c-1/reconnect'],
    ] as const) {
      const response = await request(method, url, {});
      assert.deepEqual([response.statusCode, codeOf(response)], [401, 'unauthorized'], url);
    }
    assert.deepEqual(api.hub.kicked, []);
  });

  it('describes every one of its routes in OpenAPI, in public', async () => {
    const response = await request('GET', '/api/v1/openapi.json', {});
    assert.equal(response.statusCode, 200);
    const { paths } = response.json<{ paths: Record<string, Record<string, unknown>> }>();
    assert.deepEqual(
      Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m} ${path}`)),
      [
        'post /api/v1/login',
        'post /api/v1/logout',
        'get /api/v1/server',
        'get /api/v1/streams',
        'get /api/v1/streams/{name}',
        'delete /api/v1/streams/{name}',
        'get /api/v1/sessions',
        'get /api/v1/sessions/{id}',
        'delete /api/v1/sessions/{id}',
        'post /api/v1/sessions/{id}/reconnect',
      ],
    );
    assert.match((await request('GET', '/api/docs/', {})).body, /swagger-ui/);
  });
});

describe('login', () => {
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());

  const login = (token: unknown, headers: Record<string, string> = {}) =>
    api.app.inject({ method: 'POST', url: '/api/v1/login', payload: { token }, headers });

  /** The cookie as a browser sends it back. */
  async function loggedInCookie(): Promise<string> {
    const cookie = (await login(TOKEN)).cookies[0];
    return `${cookie?.name}=${cookie?.value}`;
  }

  it('gives a cookie that scripts and other sites cannot use', async () => {
    const response = await login(TOKEN);
    assert.equal(response.statusCode, 204);
    const header = String(response.headers['set-cookie']);
    assert.match(header, /^sluice_admin=[^;]+; Max-Age=\d+; Path=\/api; HttpOnly; SameSite=Strict$/);
    assert(!header.includes(TOKEN));
  });

  it('makes the cookie secure behind a trusted proxy that ends TLS', async () => {
    await api.close();
    api = await startApi({ config: { 'http.trust_proxy': '127.0.0.1' } });
    const overTls = { 'x-forwarded-proto': 'https' };
    const [cookie] = (await login(TOKEN, overTls)).cookies;
    assert.equal(cookie?.secure, true);
    // Another name than without TLS: browsers let no page without TLS replace it.
    assert.equal(cookie?.name, '__Secure-sluice_admin');
    const headers = { ...overTls, cookie: `${cookie?.name}=${cookie?.value}` };
    assert.equal((await request('GET', '/api/v1/server', headers)).statusCode, 200);
    assert.equal((await request('POST', '/api/v1/logout', headers)).statusCode, 204);
    assert.equal((await request('GET', '/api/v1/server', headers)).statusCode, 401);
  });

  it('opens the API with the cookie until logout', async () => {
    const cookie = await loggedInCookie();
    assert.equal((await request('GET', '/api/v1/server', { cookie })).statusCode, 200);
    assert.equal((await request('POST', '/api/v1/logout', { cookie })).statusCode, 204);
    assert.equal(codeOf(await request('GET', '/api/v1/server', { cookie })), 'unauthorized');
  });

  it('refuses to change anything for a page of another site', async () => {
    api.hub.publish(aStream());
    const cookie = await loggedInCookie();
    const remove = (origin: string) =>
      request('DELETE', '/api/v1/streams/live/main', { cookie, origin, host: 'cam.example:8080' });
    for (const origin of [
      'http://evil.example',
      'http://cam.example',
      'null',
      'http://cam.example:8080.evil.example',
    ]) {
      assert.equal(codeOf(await remove(origin)), 'forbidden-origin', origin);
    }
    assert.equal((await remove('https://cam.example:8080')).statusCode, 204);
  });

  it('turns wrong tokens away, and after ten of them everything', async () => {
    for (let i = 0; i < 10; i++) {
      const response = await login('wrong');
      assert.deepEqual([response.statusCode, codeOf(response)], [401, 'unauthorized']);
    }
    for (const response of [await login(TOKEN), await request('GET', '/api/v1/server')]) {
      assert.deepEqual([response.statusCode, codeOf(response)], [429, 'too-many-logins']);
    }
    api.clock.advance(60_000);
    assert.equal((await login(TOKEN)).statusCode, 204);
  });

  it('refuses bodies that are no login', async () => {
    for (const token of ['', undefined, 'x'.repeat(2000)])
      assert.equal(codeOf(await login(token)), 'bad-request');
    for (const [payload, type, status] of [
      ['{"token":', 'application/json', 400],
      ['', 'application/json', 400],
      ['token=x', 'application/x-www-form-urlencoded', 415],
      [`"${'x'.repeat(70_000)}"`, 'application/json', 413],
      ['{"__proto__":{"token":"x"}}', 'application/json', 400],
    ] as const) {
      const response = await api.app.inject({
        method: 'POST',
        url: '/api/v1/login',
        payload,
        headers: { 'content-type': type },
      });
      assert.deepEqual(
        [response.statusCode, codeOf(response)],
        [status, 'bad-request'],
        payload.slice(0, 30),
      );
    }
  });

  it('leaves no trace of tokens in the log', async () => {
    await login('wrong-token');
    await request('GET', `/admin?token=${TOKEN}`, {});
    await request('GET', `/nowhere?token=${TOKEN}`, {});
    const log = api.logLines.join('');
    assert.notEqual(log, '');
    assert.doesNotMatch(log, /right-token|wrong-token/);
  });
});

describe('errors', () => {
  before(async () => {
    api = await startApi({
      addRoutes: (app) => {
        app.get('/broken', async () => {
          throw new Error('the password is swordfish');
        });
        app.get('/odd', async () => {
          throw 'swordfish';
        });
      },
    });
  });
  after(() => api.close());

  it('of our own say nothing of what went wrong, and the log says it under the request id', async () => {
    for (const url of ['/broken', '/odd']) {
      const response = await request('GET', url);
      assert.deepEqual([response.statusCode, codeOf(response)], [500, 'internal'], url);
      assert.doesNotMatch(response.body, /swordfish/);
      const line = api.logLines.find((text) => text.includes(String(response.headers['x-request-id'])));
      assert.match(line ?? '', /swordfish/, url);
    }
  });

  it('for unknown addresses name the path without its query', async () => {
    for (const url of [
      '/nope?token=s3cret',
      '/api/v1/nope',
      '/assets/nope.js',
      '/live/x.flv?a=s3cret',
      '//etc/passwd',
    ]) {
      const response = await request('GET', url);
      assert.deepEqual([response.statusCode, codeOf(response)], [404, 'not-found'], url);
      assert.doesNotMatch(response.body, /s3cret/);
    }
    assert.equal((await request('POST', '/nope')).statusCode, 404);
  });

  it('for a method that an address does not take name those that it takes', async () => {
    for (const [method, url, allow] of [
      ['PUT', '/api/v1/streams', 'GET, HEAD'],
      ['PUT', '/api/v1/streams/live/main', 'DELETE, GET, HEAD'],
      ['PUT', '/api/v1/sessions/abc', 'DELETE, GET, HEAD'],
      ['GET', '/api/v1/sessions/abc/reconnect', 'POST'],
      ['DELETE', '/api/v1/login', 'POST'],
      ['POST', '/', 'GET, HEAD'],
      ['POST', '/admin/sessions', 'GET, HEAD'],
      ['PUT', '/healthz?x=s3cret', 'GET, HEAD'],
    ] as const) {
      const response = await request(method, url);
      assert.deepEqual(
        [response.statusCode, codeOf(response)],
        [405, 'method-not-allowed'],
        `${method} ${url}`,
      );
      assert.equal(response.headers.allow, allow, `${method} ${url}`);
      assert.match(response.body, new RegExp(`does not take ${method}, only ${allow}\\.`));
      assert.doesNotMatch(response.body, /s3cret/);
    }
  });

  it('of the API advise what the API can do', async () => {
    const response = await request('GET', '/api/v1/streams/live/nope');
    assert.deepEqual([response.statusCode, codeOf(response)], [404, 'stream-not-live']);
    assert.doesNotMatch(response.body, /wait/);
    assert.match(response.body, /listed at \/api\/v1\/streams/);
  });

  it('of a query name each wrong field and what it may hold, and every parameter that is not known', async () => {
    for (const [query, reason] of [
      [
        '?role=x&limit=abc',
        'in the query, role must be "publisher", "viewer" or "preview"; limit must be a whole number from 1 to 1000',
      ],
      [
        '?limit=0&offset=-1',
        'in the query, limit must be a whole number from 1 to 1000; offset must be a whole number of at least 0',
      ],
      ['?limit=', 'in the query, limit must be a whole number from 1 to 1000'],
      ['?role=viewer&role=publisher', 'in the query, role must be given once'],
      ['?foo=1', 'in the query, foo is not known (role, stream, limit and offset are taken)'],
      ['?ro%20le=viewer', 'in the query, "ro le" is not known (role, stream, limit and offset are taken)'],
    ] as const) {
      const response = await request('GET', `/api/v1/sessions${query}`);
      assert.equal(response.statusCode, 400, query);
      const { error } = response.json<ErrorBody>();
      assert.equal(
        error.message,
        `The request is not valid: ${reason}. The shapes are described at /api/docs.`,
      );
    }
    for (const url of ['/api/v1/streams?foo=1', '/api/v1/streams/live/main?foo=1', '/api/v1/server?foo=1']) {
      const response = await request('GET', url);
      assert.equal(response.statusCode, 400, url);
      assert.match(response.body, /foo is not known \(nothing is taken here\)/, url);
    }
  });

  it('about media may be read by players on other sites, others may not', async () => {
    const media = await request('GET', '/live/x.flv');
    assert.equal(media.headers['access-control-allow-origin'], '*');
    assert.equal((await request('GET', '/api/v1/nope')).headers['access-control-allow-origin'], undefined);
  });

  it('in bytes that are no HTTP, or too many of them, have the same shape', async () => {
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const address = api.app.server.address();
    assert(typeof address === 'object' && address !== null);
    for (const [bytes, status] of [
      ['\x03\0\0\0\0 this is RTMP\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
      ['GET /%zz?token=s3cret HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    ] as const) {
      const socket = connect(address.port, '127.0.0.1');
      socket.write(bytes);
      const answer = await text(socket);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(head, /content-type: application\/json/i);
      assert(Value.Check(ErrorBody, JSON.parse(body)), body);
      assert.doesNotMatch(answer, /s3cret/);
    }
  });
});

describe('metrics and health', () => {
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  it('metrics are Prometheus text and count refusals', async () => {
    await request('GET', '/api/v1/server', {});
    const response = await request('GET', '/metrics', {});
    assert.match(String(response.headers['content-type']), /^text\/plain; version=0\.0\.4/);
    assert.match(response.body, /^sluice_refusals_total\{code="unauthorized"\} 1$/m);
  });

  it('healthz stays 200 while readyz says 503 when draining', async () => {
    assert.equal((await request('GET', '/readyz', {})).statusCode, 200);
    api.health.drain();
    const ready = await request('GET', '/readyz', {});
    assert.deepEqual([ready.statusCode, codeOf(ready)], [503, 'draining']);
    assert.equal((await request('GET', '/healthz', {})).statusCode, 200);
    assert.equal((await request('GET', '/api/v1/server')).json<ServerInfo>().state, 'draining');
  });
});
