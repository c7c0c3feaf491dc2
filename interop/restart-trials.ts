import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { judgeRecording } from './judge-recording.ts';
import { type Publisher, publishers } from './publishers.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, until } from './until.ts';

const both = { audio: true, video: true };
const DRAIN_WITHIN_MS = 10_000;

const encoders = publishers.filter(({ client }) => client !== 'ffmpeg, x264');

export const restartTrials: readonly Trial[] = encoders.flatMap((publisher) => [
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

/** The viewer who was there before the cut has to see the new picture in the same response. */
async function killAndRepublish(bench: Bench, publisher: Publisher): Promise<string> {
  const { gateway } = bench;
  const name = bench.freshName();
  const first = publisher.start(bench.clip, bench.publishUrl(name), both);
  const before = await gateway.untilLive(name, both);
  const recording = await FlvRecording.watch(gateway.flv(name));
  await recording.untilSpan(1000);
  await first.end('SIGKILL');
  const cutMs = performance.now();
  const second = publisher.start(bench.clip, bench.publishUrl(name), both);
  await until(
    async () => {
      if (second.ended) throw new Error(`the second publish ended: ${second.lastWords}`);
      const id = (await gateway.stream(name))?.publisher?.sessionId;
      return id !== undefined && id !== before.publisher?.sessionId;
    },
    8000,
    'the second publish',
  );
  const seenBefore = recording.times('video').length;
  await until(
    () => recording.ended || recording.times('video').length > seenBefore + 20,
    8000,
    "the new picture in the viewer's response",
  );
  const backMs = performance.now() - cutMs;
  expect(!recording.ended, "the viewer's response ended at the cut");
  recording.close();
  await second.end('SIGINT');
  const decoded = await judgeRecording(recording, both, bench.recordingFile(name));
  return `same response goes on ${seconds(backMs)} after the kill, client's start included; ${decoded}`;
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
