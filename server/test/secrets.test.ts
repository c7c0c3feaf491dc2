import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { WebSocket } from 'ws';
import { amfGet, asString } from '../../shared/amf/amf-value.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import { FlvViewer } from './flv-viewer.ts';
import { command, connect as connectCommand, connected, handshake } from './hostile/bytes.ts';
import { bodies } from './media-fixtures.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// A word that is in every place where clients put what nobody else may know. Then everything that the server says is read.

const SECRET = 'hush-7f3a9c';
const query = `?token=${SECRET}&x=1`;

/** Everywhere in a connect. */
const secretConnect = {
  app: `live${query}`,
  tcUrl: `rtmp://user:${SECRET}@127.0.0.1/live${query}`,
  swfUrl: `http://h/player.swf${query}`,
  pageUrl: `https://h/page${query}#${SECRET}`,
  flashVer: `FMLE/3.0${query}`,
  token: SECRET,
};

/** Publishes, plays and ends, with the secret behind every name; keeps what was said. */
async function publishAndPlay(
  server: TestServer,
  key: string,
): Promise<{ dial: RtmpDial; heard: () => string }> {
  const dial = await RtmpDial.connected(server.rtmpPort, secretConnect);
  for (const [id, name] of ['releaseStream', 'FCPublish', `call${query}`].entries())
    dial.command(0, name, 10 + id, null, key + query);
  dial.command(1, 'publish', 20, null, key + query, 'live');
  await dial.status('NetStream.Publish.Start');
  dial.send({ typeId: 19, body: concatBytes([fromHex('0020'), encodeUtf8(`so${query}`)]) });
  dial.send({ typeId: 8, chunkStreamId: 4, messageStreamId: 1, body: bodies.audioConfig });
  for (const body of [bodies.videoConfig, bodies.keyframe])
    dial.send({ typeId: 9, chunkStreamId: 6, messageStreamId: 1, body });
  await dial.roundTrip();
  return { dial, heard: () => heardBy(dial) };
}

/** The sentences that a client was told. */
const heardBy = (dial: RtmpDial): string =>
  dial.commands
    .map(({ name, args }) => `${name} ${asString(amfGet(args[0], 'description')) ?? ''}`)
    .join('\n');

/** Sends bytes, and waits until the server has closed. */
async function throwAt(server: TestServer, bytes: Uint8Array): Promise<void> {
  const socket = connect(server.rtmpPort, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write(bytes);
  await once(socket, 'close');
}

/** Faults in the middle of what holds the secret: the log shows the bytes around them. */
const faults: readonly Uint8Array[] = [
  concatBytes([handshake(), command(0, `publish${query}`, null, `a${query}`)]),
  concatBytes([handshake(), connectCommand({ ...secretConnect, app: [] }), command(0, 'connect')]),
  concatBytes([connected(), command(1, 'publish', null, `a b${query}`)]),
  concatBytes([connected(), command(1, 'play', null, `../a${query}`)]),
  concatBytes([
    connected(),
    fromHex('03 000000 000028 14 01000000 020007'),
    encodeUtf8('publish'),
    fromHex('00 4000000000000000 05 02 00ff'),
    encodeUtf8(`a${query}`),
  ]),
  concatBytes([
    connected(),
    fromHex('03 000000 0000ff 14 01000000'),
    encodeUtf8(`publish a${query}${'x'.repeat(128)}`.slice(0, 128)),
    fromHex('43 000000 0000ff 14'),
  ]),
  concatBytes([encodeUtf8(`GET /live/a${query} HTTP/1.1\r\n\r\n`)]),
];

it('No secret of a publisher, a player or a viewer is in the log, the API, the metrics, the pages or the answers', async (t) => {
  const server = await startTestServer(t, { 'log.level': 'trace', 'rtmp.idle_timeout': 0.5 });
  const said: string[] = [];
  const feeds = [
    new WebSocket(`${server.ws}/api/v1/live`),
    new WebSocket(`${server.ws}/api/v1/live?scope=admin`, {
      headers: { authorization: 'Bearer test-token' },
    }),
  ];
  for (const feed of feeds) {
    feed.on('message', (bytes: Buffer) => said.push(bytes.toString()));
    await once(feed, 'open');
  }
  const publisher = await publishAndPlay(server, 'a');
  const viewer = await FlvViewer.http(`${server.http}/live/a.flv${query}`);
  const webViewer = await FlvViewer.ws(`${server.ws}/live/a.flv${query}`);
  await viewer.untilTags(3);
  const player = await RtmpDial.connected(server.rtmpPort, secretConnect);
  player.command(1, 'FCSubscribe', 4, null, `a${query}`);
  player.command(1, 'play', 5, null, `a${query}`);
  await player.status('NetStream.Play.Start');
  const refused = await RtmpDial.connected(server.rtmpPort, secretConnect);
  refused.command(1, 'publish', 6, null, `a${query}`);
  await refused.untilEnded();
  assert.match(heardBy(refused), /is already being published/);
  for (const bytes of faults) await throwAt(server, bytes);
  for (const path of [
    `/live/none.flv${query}`,
    `/live/a.flv${query}&track=${SECRET}`,
    `/live/a.flv${query}&wait=${SECRET}`,
    `/live/..%2f${query}`,
    `/nowhere${query}`,
    `/watch/live/a${query}`,
    `/embed/live/a${query}`,
    `/api/v1/live${query}`,
    `/%zz${query}`,
  ])
    said.push(await (await fetch(server.http + path)).text());
  for (const path of [
    'server',
    'streams',
    'streams/live/a',
    'sessions',
    `sessions/none${query}`,
    `streams/no${query}`,
  ])
    said.push(await (await server.api(path)).text());
  for (const path of ['/metrics', '/', '/healthz', '/readyz', '/api/docs/json'])
    said.push(await (await fetch(server.http + path)).text());
  const kicked = await server.api('streams/live/a', { method: 'DELETE' });
  assert.equal(kicked.status, 204);
  await publisher.dial.untilEnded();
  said.push(publisher.heard(), heardBy(player), heardBy(refused), ...server.logLines);
  for (const text of said) assert.ok(!text.includes(SECRET), text);
  const hex = Buffer.from(SECRET)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
  for (const text of said) assert.ok(!text.includes(hex.slice(0, 14)), text);
  assert.ok(said.length > 40 && said.some((text) => text.includes('live/a')), 'something was said');
  for (const feed of feeds) feed.terminate();
  for (const one of [viewer, webViewer]) one.close();
  player.socket.destroy();
});

it('What a publisher answers to a login is nowhere, right or wrong', async (t) => {
  const server = await startTestServer(t, {
    'log.level': 'trace',
    'rtmp.publish_user': 'me',
    'rtmp.publish_password': `pass-${SECRET}`,
  });
  const heard: string[] = [];
  for (const app of [
    `live?authmod=adobe&user=me&response=${SECRET}`,
    `live?authmod=adobe&user=${SECRET}&challenge=YWJj&response=${SECRET}&opaque=${SECRET}`,
    `live?authmod=llnw&user=me&nonce=${SECRET}&cnonce=${SECRET}&nc=00000001&response=${SECRET}`,
    `live?authmod=${SECRET}`,
  ]) {
    const dial = await RtmpDial.open(server.rtmpPort);
    dial.sayConnect({ app, tcUrl: `rtmp://h/${app}`, type: 'nonprivate', flashVer: 'FMLE/3.0' });
    await dial.untilEnded();
    heard.push(heardBy(dial));
  }
  heard.push(await (await server.api('sessions')).text(), await (await server.api('server')).text());
  heard.push(await (await fetch(`${server.http}/metrics`)).text(), ...server.logLines);
  // A challenge says the name that it is for, to whom gave it.
  for (const text of heard.filter((one) => !one.startsWith('_error')))
    assert.ok(!text.includes(SECRET), text);
  for (const text of heard) assert.ok(!text.includes(`pass-${SECRET}`), text);
});
