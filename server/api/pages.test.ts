import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiFixture, startApi } from '../test/api-fixture.ts';

describe('pages', () => {
  let api: ApiFixture;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());
  const get = (url: string) => api.app.inject({ method: 'GET', url });
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  const asBrowser = (url: string) => api.app.inject({ method: 'GET', url, headers: { accept } });

  it('are one document for list and dashboard and one for the player, never cached', async () => {
    for (const [url, content] of [
      ['/', 'list'],
      ['/?x=1', 'list'],
      ['/admin', 'list'],
      ['/admin/', 'list'],
      ['/admin/sessions/live/main', 'list'],
      ['/watch/live/main', 'player'],
      ['/watch/live/Z%C3%BCrich', 'player'],
      ['/embed/live/sub/room', 'player'],
    ] as const) {
      const response = await get(url);
      assert.equal(response.body, `<title>${content}</title>`, url);
      assert.match(String(response.headers['content-type']), /^text\/html; charset=utf-8/);
      assert.equal(response.headers['cache-control'], 'no-cache');
    }
  });

  it('have assets that are cached for good, and no way out of their folder', async () => {
    const response = await get('/assets/index-abc.js');
    assert.match(String(response.headers['cache-control']), /max-age=31536000, immutable/);
    for (const url of [
      '/assets/../index.html',
      '/assets/..%2findex.html',
      '/assets/%2e%2e/index.html',
      '/assets/',
    ]) {
      assert.notEqual((await get(url)).statusCode, 200, url);
    }
  });

  it('for links that lead to no stream are no player, and programs are told in JSON', async () => {
    for (const url of [
      ...[
        '/watch',
        '/watch/',
        '/watch/live',
        '/watch/admin/x',
        '/watch//evil.example/x',
        '/watch/live/a%20b',
      ],
      ...['/embed', '/embed/live', '/embed//evil.example/x'],
    ]) {
      const page = await asBrowser(url);
      assert.deepEqual([page.statusCode, page.body], [404, '<title>list</title>'], url);
      const { statusCode, body } = await get(url);
      assert.equal(statusCode, 400, url);
      assert.match(body, /"code":"name-invalid"/, url);
    }
  });

  it('are not what a player gets that asks for media of a reserved name', async () => {
    for (const url of ['/admin/x.flv', '/admin/streams/live/main.flv']) {
      const answer = await get(url);
      assert.equal(answer.statusCode, 400, url);
      assert.match(answer.body, /"code":"name-invalid".*\\"admin\\" is an address of the server itself/, url);
      assert.equal((await asBrowser(url)).body, '<title>list</title>', url);
    }
  });

  it('that were cut within a letter lead to the page that says so', async () => {
    for (const url of ['/watch/live/Z%C3', '/embed/live/%zz', '/live/%']) {
      const page = await asBrowser(url);
      assert.deepEqual([page.statusCode, page.headers.location], [302, '/watch'], url);
      assert.match((await get(url)).body, /"code":"bad-request"/, url);
    }
  });

  it('lead from the name of a stream to its watch page, and say of other addresses that there is nothing', async () => {
    for (const [url, to] of [
      ['/live/main', '/watch/live/main'],
      ['/live/main/', '/watch/live/main'],
      ['/live/Z%C3%BCrich?muted=0', '/watch/live/Z%C3%BCrich?muted=0'],
      ['//evil.example/x', '/watch/evil.example/x'],
    ] as const) {
      const response = await asBrowser(url);
      assert.deepEqual([response.statusCode, response.headers.location], [302, to], url);
      assert.equal((await get(url)).statusCode, 404, url);
    }
    for (const url of ['/nope', '/a%20b/c', '/metrics/x', '/watchx']) {
      const response = await asBrowser(url);
      assert.deepEqual([response.statusCode, response.body], [404, '<title>list</title>'], url);
      assert.match((await get(url)).body, /"code":"not-found"/, url);
    }
    for (const url of ['/api/v1/nope', '/assets/nope.js', '/api']) {
      assert.match((await asBrowser(url)).body, /"code":"not-found"/, url);
    }
    const posted = await api.app.inject({
      method: 'POST',
      url: '/live/main',
      headers: { accept: 'text/html' },
    });
    assert.match(posted.body, /"code":"not-found"/);
  });

  it('of the player give each browser a number of its own, once, and others give none', async () => {
    const { cookies, headers } = await get('/watch/live/main');
    assert.match(String(headers['set-cookie']), /; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/);
    const [cookie] = cookies;
    assert.equal(cookie?.name, 'sluice_viewer');
    const again = await api.app.inject({
      url: '/watch/live/other',
      cookies: { sluice_viewer: cookie?.value ?? '' },
    });
    assert.equal(again.headers['set-cookie'], undefined);
    const forged = await api.app.inject({ url: '/watch/live/other', cookies: { sluice_viewer: 'a.b.c' } });
    assert.notEqual(forged.headers['set-cookie'], undefined);
    for (const url of ['/', '/admin', '/watch/live', '/nope']) {
      assert.equal((await get(url)).headers['set-cookie'], undefined, url);
    }
  });

  it('in a frame of another site keep the number for that pair of sites, where the line is secure', async () => {
    const secure = await startApi({ config: { 'http.trust_proxy': '127.0.0.1' } });
    const headers = { 'x-forwarded-proto': 'https' };
    const embed = await secure.app.inject({ url: '/embed/live/main', headers });
    assert.match(String(embed.headers['set-cookie']), /; HttpOnly; Secure; Partitioned; SameSite=None$/);
    const watch = await secure.app.inject({ url: '/watch/live/main', headers });
    assert.match(String(watch.headers['set-cookie']), /; HttpOnly; Secure; SameSite=Lax$/);
    await secure.close();
  });

  it('have an icon and a word for search engines', async () => {
    const icon = await get('/favicon.ico');
    assert.deepEqual(
      [icon.statusCode, icon.headers['content-type'], icon.body],
      [200, 'image/x-icon', 'icon'],
    );
    const open = await get('/robots.txt');
    assert.match(String(open.headers['content-type']), /^text\/plain/);
    assert.match(open.body, /^User-agent: \*\nDisallow: \/admin\n/);
    const hidden = await startApi({ config: { 'web.public_list': false }, built: false });
    assert.match((await hidden.app.inject({ method: 'GET', url: '/robots.txt' })).body, /^Disallow: \/$/m);
    assert.equal((await hidden.app.inject({ method: 'GET', url: '/favicon.ico' })).statusCode, 204);
    await hidden.close();
  });

  it('and their assets can be embedded by a sandbox without an origin, and by sites that are isolated', async () => {
    const asset = await get('/assets/index-abc.js');
    assert.equal(asset.headers['access-control-allow-origin'], '*');
    assert.equal(asset.headers['cross-origin-resource-policy'], 'cross-origin');
    const embed = await get('/embed/live/main');
    assert.equal(embed.headers['cross-origin-embedder-policy'], 'require-corp');
    assert.equal(embed.headers['cross-origin-resource-policy'], 'cross-origin');
    for (const url of ['/', '/admin', '/watch/live/main']) {
      const { headers } = await get(url);
      assert.equal(headers['access-control-allow-origin'], undefined, url);
      assert.equal(headers['cross-origin-embedder-policy'], undefined, url);
    }
  });

  it('may be framed by anybody only when made for embedding', async () => {
    const embed = await get('/embed/live/main');
    assert.match(String(embed.headers['content-security-policy']), /frame-ancestors \*/);
    assert.equal(embed.headers['x-frame-options'], undefined);
    for (const url of ['/', '/admin', '/watch/live/main', '/embedx', '/api/v1/server']) {
      const response = await get(url);
      assert.match(String(response.headers['content-security-policy']), /frame-ancestors 'self'/, url);
      assert.equal(response.headers['x-frame-options'], 'SAMEORIGIN', url);
    }
  });

  it('carry the safeguards on every answer, and allow no inline script', async () => {
    for (const url of ['/', '/watch/live/main', '/nope', '/metrics', '/api/v1/streams', '/api/docs/']) {
      const { headers } = await get(url);
      assert.equal(headers['x-content-type-options'], 'nosniff', url);
      assert.equal(headers['referrer-policy'], 'no-referrer', url);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /^default-src 'self'; media-src 'self' blob:;/, url);
      assert.doesNotMatch(policy, /script-src/, url);
      assert.match(policy, /; connect-src 'self' ws:\/\/localhost:80 wss:\/\/localhost:80;/, 'no other host');
    }
  });

  it('say in plain words when they are not built', async () => {
    const bare = await startApi({ built: false });
    const response = await bare.app.inject({ method: 'GET', url: '/watch/live/main' });
    await bare.close();
    assert.equal(response.statusCode, 503);
    assert.match(response.body, /not built yet.*npm run build/s);
  });
});
