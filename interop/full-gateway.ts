import type { Bench } from './bench.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { startFfmpeg } from './publishers.ts';
import { expect } from './trial.ts';

/** What the server says to a connection too many. */
export const fullSentence = 'Too many connections from 127.0.0.1';

/** A server that takes one connection of an address, which ffmpeg has; sees that it keeps it. */
export async function withFullGateway(
  bench: Bench,
  attempt: (gateway: GatewayProcess) => Promise<string>,
): Promise<string> {
  const gateway = await bench.ownGateway({ 'rtmp-max-connections-per-address': '1' });
  const name = bench.freshName();
  startFfmpeg(bench.clip, bench.publishUrl(name, gateway));
  const before = await gateway.untilLive(name, { audio: true, video: true });
  const observation = await attempt(gateway);
  const after = await gateway.stream(name);
  expect(
    after?.publisher?.sessionId === before.publisher?.sessionId,
    'the publisher who was there first was disturbed',
  );
  return observation;
}
