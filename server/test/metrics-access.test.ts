import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const ADMIN = { authorization: 'Bearer test-token' };
const TOKEN = 'scrape-8f1c';

const scrape = (server: TestServer, headers: Record<string, string> = {}) =>
  fetch(`${server.http}/metrics`, { headers });

describe('/metrics', () => {
  it('is open by default, and names streams while the list of them is public', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server);
    const answer = await scrape(server);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /sluice_stream_live\{stream="live\/a"\} 1/);
    await client.stop();
  });

  it('names no stream when the list is closed, but to the operator', async (t) => {
    const server = await startTestServer(t, { 'web.public_list': false });
    const client = await goOnAir(server);
    const text = await (await scrape(server)).text();
    assert.match(text, /^sluice_streams 1$/m);
    assert.doesNotMatch(text, /live\/a/);
    assert.match(await (await scrape(server, ADMIN)).text(), /stream="live\/a"/);
    await client.stop();
  });

  it('with a token is for who has it, and for the operator', async (t) => {
    const server = await startTestServer(t, { 'metrics.token': TOKEN, 'web.public_list': false });
    const client = await goOnAir(server);
    for (const authorization of ['', 'Bearer wrong', TOKEN]) {
      const answer = await scrape(server, { authorization });
      assert.equal(answer.status, 401);
      assert.match(await answer.text(), /"code":"metrics-closed"/);
    }
    for (const headers of [ADMIN, { authorization: `Bearer ${TOKEN}` }]) {
      const answer = await scrape(server, headers);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /stream="live\/a"/);
    }
    const api = await fetch(`${server.http}/api/v1/server`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    assert.equal(api.status, 401, 'it opens nothing else');
    await client.stop();
  });

  it('with addresses is for those who come from there', async (t) => {
    const here = await startTestServer(t, { 'metrics.from': '127.0.0.0/8' });
    assert.equal((await scrape(here)).status, 200);
    const elsewhere = await startTestServer(t, { 'metrics.from': '192.0.2.1' });
    assert.equal((await scrape(elsewhere)).status, 401);
    assert.equal((await scrape(elsewhere, { 'x-forwarded-for': '192.0.2.1' })).status, 401);
    assert.equal((await scrape(elsewhere, ADMIN)).status, 200);
  });

  it('can be switched off', async (t) => {
    const server = await startTestServer(t, { 'metrics.enabled': false });
    assert.equal((await scrape(server, ADMIN)).status, 404);
  });
});
