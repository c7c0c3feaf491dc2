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
