import type { Bench } from './bench.ts';
import { startFfmpeg } from './publishers.ts';
import { expect } from './trial.ts';

/** What the server says to the second one. */
export const busySentence = 'is already being published by';

/** Lets ffmpeg publish a fresh name, has `attempt` try the same, and sees that the first one goes on. */
export async function withKeyTaken(
  bench: Bench,
  attempt: (name: string) => Promise<string>,
): Promise<string> {
  const { gateway } = bench;
  const name = bench.freshName();
  startFfmpeg(bench.clip, bench.publishUrl(name));
  const before = await gateway.untilLive(name, { audio: true, video: true });
  const observation = await attempt(name);
  const after = await gateway.stream(name);
  expect(
    after?.publisher?.sessionId === before.publisher?.sessionId,
    'the publisher who was there first was disturbed',
  );
  return `${observation}; the first publisher goes on`;
}
