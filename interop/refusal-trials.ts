import type { Bench } from './bench.ts';
import type { Program } from './program.ts';
import { type Publisher, publishers, startFfmpeg } from './publishers.ts';
import { expect, type Trial } from './trial.ts';
import { seconds } from './until.ts';

const ENDS_WITHIN_MS = 10_000;
const both = { audio: true, video: true };

/** One line per encoder program: how ffmpeg was told its codec makes no difference here. */
const encoders = publishers.filter(({ client }) => client !== 'ffmpeg, x264');

export const refusalTrials: readonly Trial[] = encoders.flatMap((publisher) => [
  {
    chapter: 'refused',
    client: publisher.client,
    title: 'publishes under a key in use',
    needs: publisher.needs,
    run: (bench) => busyKey(bench, publisher),
  },
  {
    chapter: 'refused',
    client: publisher.client,
    title: 'publishes under a bad name',
    needs: publisher.needs,
    run: (bench) => refused(bench, publisher, 'live/.hidden', 'The stream name cannot be used'),
  },
]);

async function busyKey(bench: Bench, publisher: Publisher): Promise<string> {
  const name = bench.freshName();
  const holder = startFfmpeg(bench.clip, bench.publishUrl(name));
  const before = await bench.gateway.untilLive(name, both);
  const observation = await refused(bench, publisher, name, 'is already being published by');
  const after = await bench.gateway.stream(name);
  expect(
    after?.publisher?.sessionId === before.publisher?.sessionId,
    'the publisher who was there first was disturbed',
  );
  await holder.end('SIGINT');
  return `${observation}; the first publisher goes on`;
}

async function refused(bench: Bench, publisher: Publisher, name: string, sentence: string): Promise<string> {
  const program = publisher.start(bench.clip, bench.publishUrl(name), both);
  expect(await program.endsWithin(ENDS_WITHIN_MS), `the client did not end: ${program.lastWords}`);
  expectFailure(program);
  const took = `ends with code ${program.exitCode} after ${seconds(performance.now() - program.startedMs)}`;
  if (publisher.showsSentence !== true) return `${took}; ${publisher.showsSentence}`;
  expect(program.output.includes(sentence), `the client does not show the sentence: ${program.lastWords}`);
  return `shows the sentence and ${took}`;
}

function expectFailure(program: Program): void {
  expect(program.exitCode !== 0, 'the client took the refusal for a success');
}
