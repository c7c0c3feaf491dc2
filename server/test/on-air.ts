import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { bodies } from './media-fixtures.ts';
import type { TestServer } from './test-server.ts';

/** Publishes over a real socket with our own client; nothing is sent yet. */
export const publishTo = (
  server: Pick<TestServer, 'rtmpPort'>,
  key = 'a',
  app = 'live',
): Promise<RtmpPublisherClient> =>
  RtmpPublisherClient.open({ host: '127.0.0.1', port: server.rtmpPort, app, key });

/** Headers and the beginning of a group of pictures: four tags for a viewer. */
export function sendOpening(client: RtmpPublisherClient): void {
  client.send('video', 0, bodies.videoConfig);
  client.send('audio', 0, bodies.audioConfig);
  client.send('video', 0, bodies.keyframe);
  client.send('audio', 5, bodies.audio);
  client.flush();
}

/** A stream that viewers can join. */
export async function goOnAir(
  server: Pick<TestServer, 'rtmpPort'>,
  key?: string,
  app?: string,
): Promise<RtmpPublisherClient> {
  const client = await publishTo(server, key, app);
  sendOpening(client);
  return client;
}
