import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { judgeRecording, reorderedPictures, type Tracks } from './judge-recording.ts';
import { Obs } from './obs.ts';
import { describeStream } from './publish-trials.ts';
import { startFfmpeg } from './publishers.ts';
import { expectSecretUnseen } from './secret-check.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, staysTrue, until } from './until.ts';
import { watchInChromium } from './watch-in-chromium.ts';

const both: Tracks = { audio: true, video: true };
const client = 'OBS Studio';
const needs = ['obs', 'Xvfb', 'ffmpeg', 'ffprobe'] as const;
const STARTS_WITHIN_MS = 15_000;
/** OBS is told to try again every 2 s: more than three of those. */
const QUIET_MS = 7000;

export const obsTrials: readonly Trial[] = [
  {
    chapter: 'publish',
    client,
    title: 'picture and sound',
    needs,
    run: publishAndStop,
  },
  ...(['sound only', 'picture only'] as const).map((title) => ({
    chapter: 'publish' as const,
    client,
    title,
    needs: ['a way to leave a track out (OBS always sends both)'],
    run: async () => '',
  })),
  {
    chapter: 'play over HTTP-FLV',
    client: 'Chromium',
    title: 'watch page, from OBS',
    needs: [...needs, 'chromium'],
    run: watchPage,
  },
  {
    chapter: 'refused',
    client,
    title: 'publishes under a key in use',
    needs,
    run: busyKey,
  },
  {
    chapter: 'refused',
    client,
    title: 'publishes under a bad name',
    needs,
    run: (bench) => refused(bench, 'live/.hidden', 'The stream name cannot be used'),
  },
  {
    chapter: 'cut and restart',
    client,
    title: 'is killed and publishes again',
    needs,
    run: killAndRepublish,
  },
  {
    chapter: 'cut and restart',
    client,
    title: 'server restarts during publish',
    needs,
    run: serverRestart,
  },
];

async function publishAndStop(bench: Bench): Promise<string> {
  const { gateway } = bench;
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name, { stopAfterSeconds: 6 });
  try {
    const stream = await untilLive(obs, gateway.untilLive(name, both, STARTS_WITHIN_MS));
    const description = describeStream(stream, both);
    const recording = await FlvRecording.watch(gateway.flv(name));
    await recording.untilSpan(2500);
    await expectSecretUnseen(bench, name);
    await until(() => recording.ended, 10_000, "the end of the viewer's response after Stop");
    expect(recording.ended?.clean, "the viewer's response was cut off");
    const decoded = await judgeRecording(recording, both, bench.recordingFile(name));
    const reordered = reorderedPictures(recording);
    expect(reordered > 0, 'no B-frame is in the recording');
    const interval = keyframeInterval(recording);
    expect(interval > 1900 && interval < 2100, `keyframes come every ${interval} ms`);
    await gateway.untilGone(name);
    return `${description}; ${decoded}, ${reordered} of them out of order (B-frames), a keyframe every ${seconds(interval)}; Stop ends the viewers; the token shows in no log, API, page, metric or file`;
  } finally {
    await obs.quit();
  }
}

async function watchPage(bench: Bench): Promise<string> {
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name);
  try {
    await untilLive(obs, bench.gateway.untilLive(name, both, STARTS_WITHIN_MS));
    return await watchInChromium(bench, name);
  } finally {
    await obs.kill();
  }
}

async function busyKey(bench: Bench): Promise<string> {
  const name = bench.freshName();
  startFfmpeg(bench.clip, bench.publishUrl(name));
  const before = await bench.gateway.untilLive(name, both);
  const observation = await refused(bench, name, 'is already being published by');
  const after = await bench.gateway.stream(name);
  expect(
    after?.publisher?.sessionId === before.publisher?.sessionId,
    'the publisher who was there first was disturbed',
  );
  return `${observation}; the first publisher goes on`;
}

async function refused(bench: Bench, name: string, sentence: string): Promise<string> {
  const obs = await Obs.stream(bench, name);
  try {
    await obs.program.says(sentence, STARTS_WITHIN_MS);
    await obs.program.says('Streaming Stop', 5000);
    const isQuiet = await staysTrue(() => obs.attempts === 1, QUIET_MS);
    expect(isQuiet, `OBS tried ${obs.attempts} times`);
    return `its log shows the sentence, streaming stops, and it does not try again (watched for ${seconds(QUIET_MS)}, retry delay 2 s)`;
  } finally {
    await obs.quit();
  }
}

async function killAndRepublish(bench: Bench): Promise<string> {
  const { gateway } = bench;
  const name = bench.freshName();
  const first = await Obs.stream(bench, name);
  try {
    const before = await untilLive(first, gateway.untilLive(name, both, STARTS_WITHIN_MS));
    const recording = await FlvRecording.watch(gateway.flv(name));
    await recording.untilSpan(1000);
    await first.kill();
    const cutMs = performance.now();
    const second = await Obs.stream(bench, name);
    try {
      await until(
        async () => {
          const id = (await gateway.stream(name))?.publisher?.sessionId;
          return id !== undefined && id !== before.publisher?.sessionId;
        },
        STARTS_WITHIN_MS,
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
      const decoded = await judgeRecording(recording, both, bench.recordingFile(name));
      return `same response goes on ${seconds(backMs)} after the kill, OBS's start included; ${decoded}`;
    } finally {
      await second.kill();
    }
  } finally {
    await first.kill();
  }
}

async function serverRestart(bench: Bench): Promise<string> {
  const gateway = await bench.ownGateway();
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name, { gateway });
  try {
    await untilLive(obs, gateway.untilLive(name, both, STARTS_WITHIN_MS));
    await gateway.terminate();
    expect(gateway.exitCodes[0] === 0, `the server ended with code ${gateway.exitCodes[0]}`);
    const shown = obs.log.includes('The server is shutting down');
    await gateway.launch();
    const upMs = performance.now();
    const stream = await untilLive(obs, gateway.untilLive(name, both, STARTS_WITHIN_MS));
    const backMs = performance.now() - upMs;
    const recording = await FlvRecording.watch(gateway.flv(name));
    await recording.untilSpan(1500);
    recording.close();
    const decoded = await judgeRecording(recording, both, bench.recordingFile(name));
    describeStream(stream, both);
    return `reconnects by itself and is live ${seconds(backMs)} after the server is up (retry delay 2 s); ${decoded}; its log ${shown ? 'shows' : 'does not show'} that the server was stopping`;
  } finally {
    await obs.kill();
  }
}

/** Adds what OBS had to say when it does not come. */
async function untilLive<T>(obs: Obs, live: Promise<T>): Promise<T> {
  try {
    return await live;
  } catch (error) {
    const lines = obs.log.split('\n').filter((line) => /rtmp|stream|error/i.test(line));
    throw new Error(`${(error as Error).message}; OBS says: ${lines.slice(-4).join(' / ')}`);
  }
}

function keyframeInterval(recording: FlvRecording): number {
  const isKeyframe = (body: Uint8Array) => body[0] === 0x17 && body[1] === 1;
  const times = recording.tags
    .filter(({ kind, body }) => kind === 'video' && isKeyframe(body))
    .map((tag) => tag.timestampMs);
  return (times[1] ?? 0) - (times[0] ?? 0);
}
