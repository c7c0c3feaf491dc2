import type { Bench } from './bench.ts';
import { fullSentence, withFullGateway } from './full-gateway.ts';
import type { Program } from './program.ts';
import { distinctPublishers, type Publisher } from './publishers.ts';
import { busySentence, withKeyTaken } from './taken-key.ts';
import { expect, type Trial } from './trial.ts';
import { seconds } from './until.ts';

const ENDS_WITHIN_MS = 10_000;
const both = { audio: true, video: true };

export const refusalTrials: readonly Trial[] = distinctPublishers.flatMap((publisher) => [
  {
    chapter: 'refused',
    client: publisher.client,
    title: 'publishes under a key in use',
    needs: publisher.needs,
    run: (bench) =>
      withKeyTaken(bench, (name) => refused(bench, publisher, bench.publishUrl(name), busySentence)),
  },
  {
    chapter: 'refused',
    client: publisher.client,
    title: 'publishes under a bad name',
    needs: publisher.needs,
    run: (bench) =>
      refused(bench, publisher, bench.publishUrl('live/.hidden'), 'The stream name cannot be used'),
  },
  {
    chapter: 'refused',
    client: publisher.client,
    title: 'is one connection too many',
    needs: publisher.needs,
    run: (bench) =>
      withFullGateway(bench, (gateway) =>
        refused(bench, publisher, bench.publishUrl(bench.freshName(), gateway), fullSentence),
      ),
  },
]);

async function refused(bench: Bench, publisher: Publisher, url: string, sentence: string): Promise<string> {
  const program = publisher.start(bench.clip, url, both);
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
