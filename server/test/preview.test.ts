import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerInfo } from '../../shared/contract/server-info.ts';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import { FlvViewer } from './flv-viewer.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { metric, startWithWorkers } from './workers-kit.ts';

const authorization = 'Bearer test-token';
const path = '/api/v1/preview/live/a.flv';

/** What a page of the dashboard has. */
async function loggedIn(server: TestServer): Promise<{ cookie: string; origin: string }> {
  const answer = await server.api('login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: 'test-token' }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  return { cookie, origin: server.http };
}

async function sessions(server: TestServer, query = ''): Promise<SessionPage> {
  return (await (await server.api(`sessions${query}`)).json()) as SessionPage;
}

async function expectNobodyCounted(server: TestServer): Promise<void> {
  assert.deepEqual((await server.stream('live/a'))?.viewers, { total: 0, httpFlv: 0, wsFlv: 0, rtmp: 0 });
  const info = (await (await server.api('server')).json()) as ServerInfo;
  assert.equal(info.viewers, 0);
  assert(info.load.workers.every(({ viewers }) => viewers === 0));
  for (const protocol of ['http-flv', 'ws-flv']) {
    assert.equal(await metric(server, `sluice_viewers{protocol="${protocol}"}`), 0);
    assert.equal(await metric(server, `sluice_stream_viewers{stream="live/a",protocol="${protocol}"}`), 0);
  }
  assert.equal(await metric(server, 'sluice_views_total'), 0);
  assert.equal((await sessions(server, '?role=viewer')).total, 0);
}

describe("the operator's preview", () => {
  for (const workers of [0, 1]) {
    it(`is served as a viewer is and counted nowhere, with ${workers} delivery workers`, async (t) => {
      const { server } = await startWithWorkers(t, workers);
      const client = await goOnAir(server);
      const previews = [
        await FlvViewer.http(`${server.http}${path}`, { authorization }),
        await FlvViewer.http(`${server.http}${path}`, await loggedIn(server)),
        await FlvViewer.ws(`${server.ws}${path}`, await loggedIn(server)),
      ];
      await Promise.all(previews.map((preview) => preview.untilTags(4)));
      await server.logged('preview of the operator joined', 3);
      await expectNobodyCounted(server);
      const { items } = await sessions(server, '?role=preview');
      assert.deepEqual(items.map(({ role, protocol }) => `${role} ${protocol}`).sort(), [
        'preview http-flv',
        'preview http-flv',
        'preview ws-flv',
      ]);
      assert.equal((await sessions(server)).total, 4);
      previews[0]?.close();
      await server.logged('preview of the operator left');
      await expectNobodyCounted(server);
      await client.stop();
    });
  }

  it('is for nobody else, and whoever takes the public address is counted, the operator too', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server);
    const operator = await loggedIn(server);
    for (const [status, headers] of [
      [401, {}],
      [401, { authorization: 'Bearer wrong' }],
      [401, { cookie: 'sluice_admin=1.2.3' }],
    ] as const) {
      await assert.rejects(FlvViewer.http(`${server.http}${path}`, headers), new RegExp(`status ${status}`));
      await assert.rejects(FlvViewer.ws(`${server.ws}${path}`, headers), new RegExp(`status ${status}`));
    }
    const foreign = { ...operator, origin: 'http://evil.example' };
    await assert.rejects(FlvViewer.ws(`${server.ws}${path}`, foreign), /status 403/);
    const { cookie } = operator;
    await assert.rejects(FlvViewer.ws(`${server.ws}${path}`, { cookie }), /status 403/);
    const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`, { ...operator, authorization });
    await viewer.untilTags(4);
    assert.equal((await server.stream('live/a'))?.viewers.total, 1);
    await client.stop();
  });

  it('is refused for what is wrong with it in the common shape', async (t) => {
    const server = await startTestServer(t);
    for (const [name, status, code] of [
      ['live/none.flv', 404, 'stream-not-live'],
      ['live.flv', 400, 'name-invalid'],
      ['api/x.flv', 400, 'name-invalid'],
      ['live/none.flv?wait=x', 400, 'bad-request'],
    ] as const) {
      const answer = await server.api(`preview/${name}`);
      const { error } = (await answer.json()) as { error: { code: string } };
      assert.deepEqual([answer.status, error.code], [status, code], name);
    }
  });
});
