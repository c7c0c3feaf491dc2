import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { fullSentence, withFullGateway } from './full-gateway.ts';
import { watchThroughRepublish } from './held-viewer.ts';
import { compositionTimes, judgeRecording, type Tracks } from './judge-recording.ts';
import { Obs } from './obs.ts';
import { describeStream } from './publish-trials.ts';
import { startFfmpeg } from './publishers.ts';
import { expectSecretUnseen } from './secret-check.ts';
import { busySentence, withKeyTaken } from './taken-key.ts';
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
    needs,
    notPossible: 'OBS always sends both; without a source it sends black and silence',
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
    run: (bench) => withKeyTaken(bench, (name) => refused(bench, name, busySentence)),
  },
  {
    chapter: 'refused',
    client,
    title: 'publishes under a bad name',
    needs,
    run: (bench) => refused(bench, 'live/.hidden', 'The stream name cannot be used'),
  },
  {
    chapter: 'refused',
    client,
    title: 'is one connection too many',
    needs,
    run: (bench) =>
      withFullGateway(bench, (gateway) => refused(bench, bench.freshName(), fullSentence, gateway)),
  },
  {
    chapter: 'refused',
    client,
    title: 'is kicked, then its key is taken',
    needs,
    run: kickedAndReplaced,
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
    const offsets = compositionTimes(recording);
    expect(offsets > 1, 'no B-frame is in the recording');
    const interval = keyframeInterval(recording);
    expect(interval > 1900 && interval < 2100, `keyframes come every ${interval} ms`);
    await gateway.untilGone(name);
    return `${description}; ${decoded}, with B-frames (${offsets} different composition times) and a keyframe every ${seconds(interval)}; Stop ends the viewers; the token shows in no log, API, page, metric or file`;
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

async function refused(
  bench: Bench,
  name: string,
  sentence: string,
  gateway = bench.gateway,
): Promise<string> {
  const obs = await Obs.stream(bench, name, { gateway });
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

/** What an encoder is told that the operator ended and that comes back by itself. */
const kickedSentence = 'This encoder may publish it again in';

async function kickedAndReplaced(bench: Bench): Promise<string> {
  const { gateway } = bench;
  const name = bench.freshName();
  const maxRetries = 2;
  const obs = await Obs.stream(bench, name, { maxRetries });
  try {
    await untilLive(obs, gateway.untilLive(name, both, STARTS_WITHIN_MS));
    await gateway.kick(name);
    startFfmpeg(bench.clip, bench.publishUrl(name));
    await gateway.untilLive(name, both);
    await obs.program.says(kickedSentence, STARTS_WITHIN_MS);
    await obs.program.says('Streaming Stop', STARTS_WITHIN_MS);
    const retries = obs.attempts - 1;
    expect(retries === maxRetries, `OBS tried again ${retries} times`);
    const isQuiet = await staysTrue(() => obs.attempts === maxRetries + 1, 3000);
    expect(isQuiet, 'OBS tried again after it had given up');
    return `OBS takes the kick for a dropped line and comes back; the log shows the refusal each time, and it gives up after its own limit (${retries} retries were set)`;
  } finally {
    await obs.kill();
  }
}

async function killAndRepublish(bench: Bench): Promise<string> {
  const name = bench.freshName();
  const first = await Obs.stream(bench, name);
  let second: Obs | undefined;
  try {
    await untilLive(first, bench.gateway.untilLive(name, both, STARTS_WITHIN_MS));
    return await watchThroughRepublish(bench, name, async () => {
      await first.kill();
      second = await Obs.stream(bench, name);
    });
  } finally {
    await first.kill();
    await second?.kill();
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
    return `reconnects by itself and is live ${seconds(backMs)} after the server is up (retry delay 2 s); ${decoded}; its log ${shown ? 'shows the reason' : 'shows no reason, for OBS reads no messages while it streams'}`;
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
