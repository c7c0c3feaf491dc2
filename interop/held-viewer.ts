import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { judgeRecording } from './judge-recording.ts';
import { expect } from './trial.ts';
import { seconds, until } from './until.ts';

const both = { audio: true, video: true };

/**
 * Watches `name` while `replace` kills its publisher and starts the next one: the viewer who was there before has to
 * see the new picture in the same response.
 */
export async function watchThroughRepublish(
  bench: Bench,
  name: string,
  replace: () => Promise<void>,
): Promise<string> {
  const { gateway } = bench;
  const before = (await gateway.stream(name))?.publisher?.sessionId;
  const recording = await FlvRecording.watch(gateway.flv(name));
  await recording.untilSpan(1000);
  const cutMs = performance.now();
  await replace();
  const isReplaced = async () => {
    const now = (await gateway.stream(name))?.publisher?.sessionId;
    return now !== undefined && now !== before;
  };
  await until(isReplaced, 15_000, 'the second publish');
  const seenBefore = recording.times('video').length;
  const isGoingOn = () => recording.ended || recording.times('video').length > seenBefore + 20;
  await until(isGoingOn, 8000, "the new picture in the viewer's response");
  const backMs = performance.now() - cutMs;
  expect(!recording.ended, "the viewer's response ended at the cut");
  recording.close();
  const decoded = await judgeRecording(recording, both, bench.recordingFile(name));
  return `the viewer's response goes on ${seconds(backMs)} after the kill, with the client's own start in it; ${decoded}`;
}
