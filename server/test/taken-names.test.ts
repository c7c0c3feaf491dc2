import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { amfGet, asString } from '../../shared/amf/amf-value.ts';
import { nextAuthAttempt } from '../rtmp/publisher-auth.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// What somebody reads whose name is in use, or was taken over: strangers nothing of the other, and the operator everything.

const credentials = { user: 'encoder', password: 'hush-hush' };

const start = (t: TestContext, settings: Readonly<Record<string, unknown>> = {}): Promise<TestServer> =>
  startTestServer(t, { 'rtmp.proxy_protocol_from': '127.0.0.1', 'stream.silent_takeover': 1, ...settings });

/** A connection that comes from this address by way of a proxy. */
async function dialFrom(server: TestServer, address: string): Promise<RtmpDial> {
  const socket = connect({ host: '127.0.0.1', port: server.rtmpPort, noDelay: true });
  await once(socket, 'connect');
  const [family, own] = address.includes(':') ? ['TCP6', '2001:db8::1'] : ['TCP4', '10.0.0.1'];
  socket.write(`PROXY ${family} ${address} ${own} 12345 1935\r\n`);
  return RtmpDial.over(socket);
}

/** Goes through the steps of a login, if there are any, and asks to publish live/a. */
async function publish(server: TestServer, address: string, flashVer = 'Larix/1.3'): Promise<RtmpDial> {
  let app = 'live';
  for (;;) {
    const dial = await dialFrom(server, address);
    dial.sayConnect({ app, flashVer, type: 'nonprivate' });
    const answer = await dial.until(() => dial.commands.find(({ name }) => name.startsWith('_')));
    if (answer.name === '_result') {
      dial.command(0, 'createStream', 2);
      await dial.reply('_result', 2);
      dial.command(1, 'publish', 3, null, 'a', 'live');
      return dial;
    }
    const description = asString(amfGet(answer.args[0], 'description')) ?? '';
    app = `live${nextAuthAttempt(description, { app: 'live', credentials }, nodeCrypto)}`;
    await dial.untilEnded();
  }
}

const lastWords = (dial: RtmpDial): string => {
  const status = dial.commands.at(-1);
  return asString(amfGet(status?.args[0], 'description')) ?? '';
};

describe('A name in use', () => {
  for (const [who, holder, asking, isTold] of [
    ['a stranger', '192.0.2.7', '198.51.100.9', false],
    ['a stranger who is a neighbour', '192.0.2.7', '192.0.2.8', false],
    ['the same address', '192.0.2.7', '192.0.2.7', true],
    ['the same IPv6 network', '2001:db8:1:2::7', '2001:db8:1:2:ffff::9', true],
    ['another IPv6 network', '2001:db8:1:2::7', '2001:db8:1:3::7', false],
  ] as const) {
    it(`is told to ${who} ${isTold ? 'with' : 'without'} address and program, and to the operator with both`, async (t) => {
      const server = await start(t);
      const first = await publish(server, holder);
      await first.status('NetStream.Publish.Start', 1);
      const second = await publish(server, asking, 'vMix 26');
      await second.untilEnded();
      const said = lastWords(second);
      assert.match(said, isTold ? / is already being published by / : /^live\/a is already in use since /);
      assert.match(said, / since \d\d:\d\d UTC\. Stop/);
      assert.equal(said.includes(holder), isTold);
      assert.equal(said.includes('Larix'), isTold);
      const logged = server.logLines.find((line) => line.includes('"code":"key-in-use"')) ?? '';
      assert.ok(logged.includes(`published by ${holder} (Larix 1.3) since`), logged);
      first.socket.destroy();
    });
  }
});

it('A name in use is told with address and program to whoever logged in', async (t) => {
  const { user, password } = credentials;
  const server = await start(t, { 'rtmp.publish_user': user, 'rtmp.publish_password': password });
  const first = await publish(server, '192.0.2.7');
  await first.status('NetStream.Publish.Start', 1);
  const second = await publish(server, '198.51.100.9');
  await second.untilEnded();
  assert.match(lastWords(second), /^live\/a is already being published by 192\.0\.2\.7 \(Larix 1\.3\) since/);
  first.socket.destroy();
});

describe('A name that was taken over', () => {
  for (const [who, taker, isTold] of [
    ['a stranger', '198.51.100.9', false],
    ['the same address', '192.0.2.7', true],
  ] as const) {
    it(`by ${who} is told ${isTold ? 'with' : 'without'} the address`, async (t) => {
      const server = await start(t);
      const first = await publish(server, '192.0.2.7');
      await first.status('NetStream.Publish.Start', 1);
      // It says nothing, so its name is free after a second: somebody else asks until it is.
      for (let isOn = false; !isOn; ) {
        const second = await publish(server, taker, 'another');
        isOn = await second
          .until(() => second.told.find((told) => told.startsWith('onStatus')))
          .then((told) => told === 'onStatus NetStream.Publish.Start');
        t.after(() => second.socket.destroy());
      }
      await first.untilEnded();
      assert.match(lastWords(first), /was taken over .*after this connection had been silent/);
      assert.equal(lastWords(first).includes(taker), isTold);
    });
  }
});
