import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from './test-server.ts';

const TOKEN = 'test-token';
const evil = { origin: 'http://evil.example' };

const login = (server: TestServer, token: string, headers: Record<string, string> = {}) =>
  fetch(`${server.http}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });

async function cookieOf(response: Response): Promise<string> {
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

/** A request as no client would write it. */
async function raw(server: TestServer, head: string): Promise<string> {
  const socket = connect(server.httpPort, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  socket.write(head);
  await once(socket, 'close');
  return text;
}

describe('A page of another site', () => {
  it('is given no leave to call the API, nor anything else that is not media', async (t) => {
    const server = await startTestServer(t);
    for (const path of [
      '/api/v1/login',
      '/api/v1/streams',
      '/metrics',
      '/',
      '/admin',
      '/watch/live/a',
      '/x',
    ]) {
      const preflight = await fetch(server.http + path, {
        method: 'OPTIONS',
        headers: {
          ...evil,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      assert.equal(preflight.headers.get('access-control-allow-origin'), null, path);
      assert.ok(preflight.status >= 400, path);
    }
  });

  for (const [how, headers] of [
    ['its origin', evil],
    ['an origin that is hidden', { origin: 'null' }],
    ['the browser', { 'sec-fetch-site': 'cross-site' }],
    ['the browser, on another port', { 'sec-fetch-site': 'same-site' }],
  ] as const) {
    it(`cannot use up the tries of its visitor, as ${how} says`, async (t) => {
      const server = await startTestServer(t);
      for (let i = 0; i < 20; i++) assert.equal((await login(server, 'wrong', headers)).status, 403);
      assert.equal((await login(server, TOKEN, headers)).status, 403);
      assert.equal((await login(server, TOKEN)).status, 204);
    });
  }

  it('cannot log its visitor out, with a form or otherwise', async (t) => {
    const server = await startTestServer(t);
    const cookie = await cookieOf(await login(server, TOKEN));
    const logout = (headers: Record<string, string>) =>
      fetch(`${server.http}/api/v1/logout`, { method: 'POST', headers: { cookie, ...headers }, body: 'a=b' });
    assert.equal((await logout({ ...evil, 'content-type': 'text/plain' })).status, 403);
    assert.equal((await logout({ ...evil, 'content-type': 'application/json' })).status, 403);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      assert.equal((await logout({ 'content-type': type })).status, 415, type);
    }
    const stillIn = await fetch(`${server.http}/api/v1/server`, { headers: { cookie } });
    assert.equal(stillIn.status, 200);
  });

  it('cannot use up tries with the dashboard link either, and a person who clicks can', async (t) => {
    const server = await startTestServer(t);
    const open = (token: string, headers: Record<string, string>) =>
      fetch(`${server.http}/admin?token=${token}`, { headers, redirect: 'manual' });
    for (let i = 0; i < 20; i++) {
      const answer = await open('wrong', { 'sec-fetch-site': 'cross-site' });
      assert.equal(answer.headers.get('location'), '/admin');
    }
    const clicked = await open(TOKEN, { 'sec-fetch-site': 'cross-site', 'sec-fetch-user': '?1' });
    assert.match(clicked.headers.get('set-cookie') ?? '', /^sluice_admin=/);
  });

  it('gets no admin feed with the cookie of its visitor', async (t) => {
    const server = await startTestServer(t);
    const cookie = await cookieOf(await login(server, TOKEN));
    const headersOf = [{ origin: evil.origin }, {}, { origin: server.http, 'sec-fetch-site': 'cross-site' }];
    for (const headers of headersOf) {
      const socket = new WebSocket(`${server.ws}/api/v1/live?scope=admin`, {
        headers: { cookie, ...headers },
      });
      const [error] = (await once(socket, 'error')) as [Error];
      assert.match(error.message, /403/);
    }
    const own = new WebSocket(`${server.ws}/api/v1/live?scope=admin`, {
      headers: { cookie, origin: server.http },
    });
    await once(own, 'message');
    own.terminate();
  });
});

describe('The link of the dashboard', () => {
  const open = (url: string) => fetch(url.replace('localhost', '127.0.0.1'), { redirect: 'manual' });

  it('holds no token, and is exchanged for a session before any page is loaded', async (t) => {
    const server = await startTestServer(t);
    assert.doesNotMatch(server.adminUrl(), new RegExp(TOKEN));
    const answer = await open(server.adminUrl());
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/admin');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(await answer.text(), '');
    const cookie = await cookieOf(answer);
    assert.equal((await fetch(`${server.http}/api/v1/server`, { headers: { cookie } })).status, 200);
  });

  it('may hold the token itself, and says why it lets nobody in', async (t) => {
    const server = await startTestServer(t);
    const answer = await open(`${server.http}/admin/sessions?x=1&token=${TOKEN}`);
    assert.equal(answer.headers.get('location'), '/admin/sessions?x=1');
    const wrong = await open(`${server.http}/admin?token=wrong`);
    assert.equal(wrong.headers.get('location'), '/admin?refused=unauthorized');
    assert.equal(wrong.headers.get('set-cookie'), null);
    for (let i = 0; i < 10; i++) await open(`${server.http}/admin?token=wrong`);
    const blocked = await open(`${server.http}/admin?token=${TOKEN}`);
    assert.equal(blocked.headers.get('location'), '/admin?refused=too-many-logins');
    assert.equal((await open(server.adminUrl())).status, 303);
    assert.doesNotMatch(server.logLines.join(''), /wrong"|test-token/);
  });

  it('leads to no other server', async (t) => {
    const server = await startTestServer(t);
    const answer = await raw(
      server,
      `GET //admin/..//evil.example?token=${TOKEN} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    );
    assert.doesNotMatch(answer, /location: (\/\/|http)/i);
    const twice = await raw(
      server,
      `GET /admin//evil?token=x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    );
    assert.match(twice, /location: \/admin\/\/evil/i);
  });

  it('lets nothing be read from what the browser hands on', () => {
    for (const page of ['index.html', 'player.html']) {
      const html = readFileSync(new URL(`../../../web/${page}`, import.meta.url), 'utf8');
      assert.match(html, /<meta name="referrer" content="strict-origin" \/>/, page);
    }
  });
});

it('A session that was logged out is out after a restart as well', async (t) => {
  const first = await startTestServer(t);
  const dir = first.dataDir;
  const cookie = await cookieOf(await login(first, TOKEN));
  const other = await cookieOf(await login(first, TOKEN));
  await fetch(`${first.http}/api/v1/logout`, { method: 'POST', headers: { cookie } });
  await first.close();
  const second = await startTestServer(t, { 'data.dir': dir });
  assert.equal((await fetch(`${second.http}/api/v1/server`, { headers: { cookie } })).status, 401);
  assert.equal((await fetch(`${second.http}/api/v1/server`, { headers: { cookie: other } })).status, 200);
  assert.ok(readdirSync(dir).length > 0);
});

describe('Behind a proxy that adds to X-Forwarded-For', () => {
  const settings = { 'http.trust_proxy': '127.0.0.1' };
  const from = (said: string) => ({ 'x-forwarded-for': `${said}, 198.51.100.9` });

  it('nobody gets round the limit of wrong tokens, nor locks another out', async (t) => {
    const server = await startTestServer(t, settings);
    for (let i = 0; i < 10; i++)
      assert.equal((await login(server, 'wrong', from(`203.0.113.${i}`))).status, 401);
    const blocked = await login(server, 'wrong', from('203.0.113.99'));
    assert.equal(blocked.status, 429);
    assert.equal(blocked.headers.get('retry-after'), '60');
    const elsewhere = { 'x-forwarded-for': '203.0.113.1' };
    assert.equal((await login(server, TOKEN, elsewhere)).status, 204);
  });

  it('what is no address is none, in the log and for the limit', async (t) => {
    const server = await startTestServer(t, settings);
    for (const said of ['operator logged in', 'unknown', '"}', 'x'.repeat(5000), '1.2.3.4.5']) {
      assert.equal((await login(server, 'wrong', { 'x-forwarded-for': said })).status, 401);
    }
    const lines = server.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const refused = lines.filter(({ msg }) => msg === 'a login was refused');
    assert.deepEqual(
      refused.map(({ address }) => address),
      Array<string>(5).fill('127.0.0.1'),
    );
    assert.doesNotMatch(server.logLines.join(''), /operator logged|xxxxx|1\.2\.3\.4\.5/);
  });

  it('and from anybody else, nothing of it is believed', async (t) => {
    const server = await startTestServer(t, { 'http.trust_proxy': '192.0.2.1' });
    for (let i = 0; i < 10; i++) await login(server, 'wrong', { 'x-forwarded-for': `203.0.113.${i}` });
    assert.equal((await login(server, 'wrong', { 'x-forwarded-for': '203.0.113.99' })).status, 429);
  });
});

describe('A Host header that is none', () => {
  for (const host of [
    'a b',
    'evil.example/x',
    'user@host',
    'h:port',
    '[::1',
    'a?b',
    '<x>',
    `${'a'.repeat(300)}`,
    'h:99999',
  ]) {
    it(`is refused with 400: ${host.slice(0, 20)}`, async (t) => {
      const server = await startTestServer(t);
      for (const method of ['GET', 'POST']) {
        const answer = await raw(
          server,
          `${method} /api/v1/logout HTTP/1.1\r\nhost: ${host}\r\norigin: http://x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1\.1 400 /);
        assert.match(answer, /"code":"bad-request"/);
      }
    });
  }

  for (const host of [
    'localhost',
    '127.0.0.1:8080',
    '[::1]:8080',
    'cam.example',
    'xn--bcher-kva.example',
    'a_b.local',
  ]) {
    it(`is not ${host}`, async (t) => {
      const server = await startTestServer(t);
      const answer = await raw(server, `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 200 /);
    });
  }

  it('may be left out by HTTP/1.0', async (t) => {
    const server = await startTestServer(t);
    assert.match(await raw(server, 'GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
  });
});
