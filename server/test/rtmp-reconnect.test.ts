import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amfGet } from '../../shared/amf/amf-value.ts';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const sessions = async (server: TestServer, role: string): Promise<SessionPage['items']> =>
  ((await (await server.api(`sessions?role=${role}`)).json()) as SessionPage).items;

const ids = async (server: TestServer, role: string): Promise<string[]> =>
  (await sessions(server, role)).map(({ id }) => id);

const ask = (server: TestServer, id: string | undefined): Promise<Response> =>
  server.api(`sessions/${id}/reconnect`, { method: 'POST' });

describe('The operator asks to reconnect:', () => {
  it('an encoder of Enhanced RTMP is told, and published on until it goes', async (t) => {
    const server = await startTestServer(t);
    const encoder = await RtmpDial.connected(server.rtmpPort, { capsEx: 1 });
    encoder.command(1, 'publish', 3, null, 'a', 'live');
    await encoder.status('NetStream.Publish.Start');
    const [id] = await ids(server, 'publisher');
    assert.equal((await sessions(server, 'publisher'))[0]?.canReconnect, true);
    assert.equal((await ask(server, id)).status, 204);
    const request = await encoder.status('NetConnection.Connect.ReconnectRequest', 0);
    assert.match(String(amfGet(request.args[0], 'description')), /operator/);
    await encoder.roundTrip();
    assert.deepEqual(await ids(server, 'publisher'), [id]);
    encoder.socket.destroy();
  });

  it('an encoder that did not announce it is left alone', async (t) => {
    const server = await startTestServer(t);
    const encoder = await RtmpDial.connected(server.rtmpPort, { fourCcList: ['*'] });
    encoder.command(1, 'publish', 3, null, 'a', 'live');
    await encoder.status('NetStream.Publish.Start');
    const [id] = await ids(server, 'publisher');
    assert.equal((await sessions(server, 'publisher'))[0]?.canReconnect, false);
    const answer = await ask(server, id);
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /"cannot-reconnect"/);
    await encoder.roundTrip();
    assert.equal(encoder.commands.map(codeOf).at(-1), 'NetStream.Publish.Start');
    encoder.socket.destroy();
  });
});
