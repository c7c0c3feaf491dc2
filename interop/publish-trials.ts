import type { AudioTrack, Stream, VideoTrack } from '../shared/contract/streams.ts';
import { type Bench, pictureSize } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { judgeRecording, type Tracks } from './judge-recording.ts';
import { runProgram } from './program.ts';
import { distinctPublishers, type Publisher, publishers } from './publishers.ts';
import { expectSamePackets } from './same-packets.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, until } from './until.ts';

const RECORDED_MS = 2500;

const kinds: readonly { title: string; tracks: Tracks }[] = [
  { title: 'picture and sound', tracks: { audio: true, video: true } },
  { title: 'sound only', tracks: { audio: true, video: false } },
  { title: 'picture only', tracks: { audio: false, video: true } },
];

/** Each program publishes, a viewer records, and the recording is decoded; then the program ends in good order. */
const trackTrials: readonly Trial[] = publishers.flatMap((publisher) =>
  kinds.map(({ title, tracks }) => ({
    chapter: 'publish' as const,
    client: publisher.client,
    title,
    needs: [...publisher.needs, 'ffprobe'],
    run: (bench) => publishAndWatch(bench, publisher, tracks),
  })),
);

/** Each client splits a long path into app and key in its own way; the stream is the same. */
const longNameTrials: readonly Trial[] = distinctPublishers.map((publisher) => ({
  chapter: 'publish',
  client: publisher.client,
  title: 'a name of four parts',
  needs: [...publisher.needs, 'ffprobe'],
  run: (bench) => publishLongName(bench, publisher),
}));

export const publishTrials: readonly Trial[] = [...trackTrials, ...longNameTrials];

async function publishLongName(bench: Bench, publisher: Publisher): Promise<string> {
  const tracks = { audio: true, video: false };
  const name = bench.freshName('live/sub/room');
  publisher.start(bench.clip, bench.publishUrl(name), tracks);
  await bench.gateway.untilLive(name, tracks);
  const found: string[] = [];
  // Without a limit ffprobe listens for 5 s, in case a picture comes.
  const options = ['-v', 'error', '-analyzeduration', '200000', '-show_entries', 'stream=codec_name'];
  for (const address of [bench.gateway.rtmp(name), bench.gateway.flv(name)]) {
    const probe = await runProgram('ffprobe', [...options, address]);
    expect(probe.output.includes('codec_name=aac'), `ffprobe says: ${probe.lastWords}`);
    found.push(address.slice(0, 4));
  }
  return `live under the whole path, found there over ${found.join(' and ')}`;
}

async function publishAndWatch(bench: Bench, publisher: Publisher, tracks: Tracks): Promise<string> {
  const name = bench.freshName();
  const program = publisher.start(bench.clip, bench.publishUrl(name), tracks);
  const stream = await bench.gateway.untilLive(name, tracks).catch((error: Error) => {
    throw new Error(`${error.message}; the client says: ${program.lastWords}`);
  });
  const description = describeStream(stream, tracks);
  const recording = await FlvRecording.watch(bench.gateway.flv(name));
  await recording.untilSpan(RECORDED_MS);
  const endingMs = performance.now();
  await program.end('SIGINT');
  const goodbye = await observeEnd(bench, publisher, name, recording);
  const tookMs = performance.now() - endingMs;
  const decoded = await judgeRecording(recording, tracks, bench.recordingFile(name));
  const same = publisher.copies ? `, ${await expectSamePackets(bench.recordingFile(name), bench.clip)}` : '';
  return `${description}; ${decoded}${same}; ${goodbye} ${seconds(tookMs)} after the signal`;
}

async function observeEnd(
  { gateway }: Bench,
  publisher: Publisher,
  name: string,
  recording: FlvRecording,
): Promise<string> {
  const isOver = async () => {
    const stream = await gateway.stream(name);
    return !stream || stream.state === 'interrupted' ? (stream?.state ?? 'gone') : undefined;
  };
  const state = await until(isOver, 3000, `the end of ${name}`);
  if (state === 'interrupted') {
    expect(publisher.mayLeaveSilently, 'the server took the stop for a cut line');
    recording.close();
    return 'gone without its goodbye, so that viewers are held for its return,';
  }
  await until(() => recording.ended, 3000, "the end of the viewer's response");
  expect(recording.ended?.clean, "the viewer's response was cut off");
  return 'stop ends the viewers';
}

/** What the API says of a stream, checked against what was published. */
export function describeStream(stream: Stream, tracks: Tracks): string {
  const { video, audio } = stream;
  expect(Boolean(video) === tracks.video && Boolean(audio) === tracks.audio, 'the API names other tracks');
  return [describeVideo(video), describeAudio(audio)].filter(Boolean).join(' + ');
}

function describeVideo(video: VideoTrack | null): string {
  if (!video) return '';
  const { width, height } = pictureSize;
  expect(video.codec === 'avc', `the API says video codec ${video.codec}`);
  expect(
    video.width === width && video.height === height,
    `the API says ${video.width}x${video.height} instead of ${width}x${height}`,
  );
  return `${video.codec} ${video.profile} ${video.level} ${video.width}x${video.height}`;
}

function describeAudio(audio: AudioTrack | null): string {
  if (!audio) return '';
  expect(audio.codec === 'aac', `the API says audio codec ${audio.codec}`);
  expect(
    audio.sampleRate === 44_100 && audio.channels !== null,
    `the API says ${audio.sampleRate} Hz with ${audio.channels} channels`,
  );
  return `${audio.codec} ${audio.profile} ${audio.sampleRate} Hz`;
}
