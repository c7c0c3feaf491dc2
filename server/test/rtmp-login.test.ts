import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PublisherAuth } from '../rtmp/publisher-auth.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { RtmpRefused } from '../transport/client/rtmp-refused.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startListener } from './rtmp-listening.ts';
import { startTestServer } from './test-server.ts';

const credentials = { user: 'obs', password: 'hunter2' };

async function start(t: TestContext) {
  const listening = await startListener(t, { publishAuth: new PublisherAuth(credentials, nodeCrypto) });
  const target = { host: '127.0.0.1', port: listening.port, app: 'live', key: 'a' };
  return { ...listening, target };
}

describe('A server that asks publishers for a login', () => {
  it('lets in who has it, and the login is no part of the name', async (t) => {
    const { target, hub, told } = await start(t);
    const client = await RtmpPublisherClient.open({ ...target, credentials });
    assert.deepEqual(
      hub.streams().map(({ name }) => name),
      ['live/a'],
    );
    assert.deepEqual(told, [], 'the steps of a login are no refusals');
    await client.stop();
  });

  it('tells an encoder without one what it needs', async (t) => {
    const { target, hub } = await start(t);
    await assert.rejects(RtmpPublisherClient.open(target), (error: unknown) => {
      assert.ok(error instanceof RtmpRefused);
      assert.equal(error.code, 'NetConnection.Connect.Rejected');
      assert.match(error.message, /^Publishing here needs a user name and a password\. .*code=403 need auth/);
      return true;
    });
    assert.equal(hub.streams().length, 0);
  });

  it('refuses a wrong password, and counts that', async (t) => {
    const { target, told } = await start(t);
    await assert.rejects(
      RtmpPublisherClient.open({ ...target, credentials: { user: 'obs', password: 'no' } }),
      /^.*name or the password for publishing is wrong\..*\?reason=authfailed$/,
    );
    assert.deepEqual(told, ['publish-login-wrong']);
  });

  it('lets players in without one, and does not let them publish', async (t) => {
    const { port, told } = await start(t);
    const dial = await RtmpDial.connected(port);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.status('NetStream.Publish.Denied');
    await dial.untilEnded();
    assert.equal(dial.told.includes('onStatus NetStream.Publish.Start'), false);
    assert.deepEqual(told, ['publish-login-needed']);
  });
});

it('The login of the configuration is asked for, and appears nowhere', async (t) => {
  const server = await startTestServer(t, {
    'rtmp.publish_user': 'obs',
    'rtmp.publish_password': 'hush-hush',
  });
  const target = { host: '127.0.0.1', port: server.rtmpPort, app: 'live', key: 'a' };
  await assert.rejects(RtmpPublisherClient.open(target), /Publishing here needs a user name/);
  const client = await RtmpPublisherClient.open({
    ...target,
    credentials: { user: 'obs', password: 'hush-hush' },
  });
  assert.equal((await server.stream('live/a'))?.name, 'live/a');
  const seen = [
    ...server.logLines,
    await (await server.api('streams')).text(),
    await (await server.api('sessions')).text(),
    await (await fetch(`${server.http}/metrics`)).text(),
  ];
  assert.ok(seen.every((text) => !text.includes('hush-hush') && !text.includes('authmod')));
  await client.stop();
});

it('A server that asks for no login takes no notice of one', async (t) => {
  const { port, hub } = await startListener(t);
  const dial = await RtmpDial.connected(port, {
    app: 'live?authmod=adobe&user=obs&challenge=a&response=b&opaque=c',
  });
  dial.command(1, 'publish', 3, null, 'a', 'live');
  await dial.status('NetStream.Publish.Start');
  assert.equal(hub.stream('live/a')?.name, 'live/a');
  dial.socket.destroy();
});
