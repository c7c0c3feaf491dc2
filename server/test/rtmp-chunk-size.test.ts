import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { WebSocket } from 'ws';
import { amfGet, asString } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import type { AdminFeedMessage } from '../../shared/contract/live-feed.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const metadata = encodeAmf0(['@setDataFrame', 'onMetaData', 'x'.repeat(400)]);

/** The notices that a dashboard shows. */
async function noticesOf(server: TestServer): Promise<string[]> {
  const headers = { authorization: 'Bearer test-token' };
  const page = new WebSocket(`${server.ws}/api/v1/live?scope=admin`, { headers });
  const [data] = (await once(page, 'message')) as [Buffer];
  page.terminate();
  const hello = JSON.parse(data.toString()) as AdminFeedMessage;
  return hello.type === 'hello' ? hello.notices.map(({ message }) => message) : [];
}

it('Encoder, log and dashboard read in plain words that chunks are cut wrongly', async (t) => {
  const server = await startTestServer(t);
  const dial = await RtmpDial.connected(server.rtmpPort);
  dial.command(1, 'publish', 3, null, 'a', 'live');
  await dial.status('NetStream.Publish.Start');
  const length = metadata.length.toString(16).padStart(6, '0');
  // One chunk of the whole message, and no Set Chunk Size.
  dial.socket.write(concatBytes([fromHex(`04 000000 ${length} 12 01000000`), metadata]));
  const failed = await dial.status('NetStream.Failed', 1);
  await dial.untilEnded();
  const sentence =
    /The sender probably cuts its chunks longer than 128 bytes and has not said so\. Let it send Set/;
  // FFmpeg shows the first 255 bytes.
  assert.match((asString(amfGet(failed.args[0], 'description')) ?? '').slice(0, 255), sentence);
  assert.ok(server.logLines.some((line) => /"level":"warn"/.test(line) && sentence.test(line)));
  assert.ok((await noticesOf(server)).some((notice) => sentence.test(notice)));
});
