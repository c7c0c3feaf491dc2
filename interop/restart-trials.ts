import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { watchThroughRepublish } from './held-viewer.ts';
import { distinctPublishers, type Publisher } from './publishers.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, until } from './until.ts';

const both = { audio: true, video: true };
const DRAIN_WITHIN_MS = 10_000;

export const restartTrials: readonly Trial[] = distinctPublishers.flatMap((publisher) => [
  {
    chapter: 'cut and restart',
    client: publisher.client,
    title: 'is killed and publishes again',
    needs: [...publisher.needs, 'ffprobe'],
    run: (bench) => killAndRepublish(bench, publisher),
  },
  {
    chapter: 'cut and restart',
    client: publisher.client,
    title: 'server stops during publish',
    needs: publisher.needs,
    run: (bench) => drain(bench, publisher),
  },
]);

async function killAndRepublish(bench: Bench, publisher: Publisher): Promise<string> {
  const name = bench.freshName();
  const start = () => publisher.start(bench.clip, bench.publishUrl(name), both);
  const first = start();
  await bench.gateway.untilLive(name, both);
  return await watchThroughRepublish(bench, name, async () => {
    await first.end('SIGKILL');
    start();
  });
}

async function drain(bench: Bench, publisher: Publisher): Promise<string> {
  const gateway = await bench.ownGateway();
  const name = bench.freshName();
  const program = publisher.start(bench.clip, bench.publishUrl(name, gateway), both);
  await gateway.untilLive(name, both);
  const recording = await FlvRecording.watch(gateway.flv(name));
  await recording.untilSpan(500);
  const stoppingMs = performance.now();
  await gateway.terminate();
  const drained = performance.now() - stoppingMs;
  expect(gateway.exitCodes[0] === 0, `the server ended with code ${gateway.exitCodes[0]}`);
  expect(drained < DRAIN_WITHIN_MS, `the server took ${seconds(drained)} to end`);
  await until(() => recording.ended, 2000, "the end of the viewer's response");
  expect(recording.ended?.clean, "the viewer's response was cut off");
  expect(await program.endsWithin(8000), `the client did not end: ${program.lastWords}`);
  const shown = program.output.includes('The server is shutting down');
  return `server ends with code 0 after ${seconds(drained)}, viewer in good order; client ${
    shown ? 'shows the sentence and ends' : 'ends without showing it'
  }`;
}
