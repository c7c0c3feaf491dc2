import type { FlvTag } from '../shared/flv/flv-tag.ts';
import type { FlvRecording } from './flv-recording.ts';
import { runProgram } from './program.ts';
import { expect } from './trial.ts';

export interface Tracks {
  readonly audio: boolean;
  readonly video: boolean;
}

interface ProbedStream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly nb_read_frames?: string;
}

/** Throws unless the recording can be decoded whole, with time that never goes back; else says what is in it. */
export async function judgeRecording(recording: FlvRecording, tracks: Tracks, file: string): Promise<string> {
  const { header } = recording;
  expect(header, 'no FLV header came');
  expect(
    header.audio === tracks.audio && header.video === tracks.video,
    `the FLV header says audio ${header.audio}, video ${header.video}`,
  );
  expectOrder(recording);
  recording.save(file);
  return await decode(file, tracks);
}

/** Throws when time goes back in a track, or when the first picture needs one before it. */
export function expectOrder(recording: FlvRecording): void {
  for (const kind of ['audio', 'video'] as const) {
    const back = recording.times(kind).findIndex((time, at, all) => time < (all[at - 1] ?? 0));
    expect(back < 0, `${kind} time goes back at tag ${back}`);
  }
  const first = recording.tags.find(isPicture);
  expect(!first || (first.body[0] ?? 0) >> 4 === 1, 'the first picture is not a keyframe');
}

/** Counts frames by decoding them all; a complaint of the decoder is a failure. */
export async function decode(file: string, tracks: Tracks): Promise<string> {
  const entries = 'stream=codec_type,codec_name,width,height,nb_read_frames';
  const args = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', file];
  const probe = await runProgram('ffprobe', args);
  const [json = '', complaints = ''] = splitJson(probe.output);
  expect(complaints === '', `the decoder complains: ${complaints.slice(0, 300)}`);
  const { streams } = JSON.parse(json) as { streams: ProbedStream[] };
  const found = (['video', 'audio'] as const).flatMap((kind) => {
    const stream = streams.find((each) => each.codec_type === kind);
    expect(Boolean(stream) === tracks[kind], `${kind} is ${stream ? '' : 'not '}in the recording`);
    if (!stream) return [];
    const frames = Number(stream.nb_read_frames);
    expect(frames > 10, `only ${frames} ${kind} frames were decoded`);
    return [`${frames} ${stream.codec_name} frames`];
  });
  return `${found.join(' and ')} decoded`;
}

/** ffprobe's answer and what it wrote beside it, which arrive as one text. */
function splitJson(output: string): [string, string] {
  const start = output.search(/^\{/m);
  const end = output.lastIndexOf('}') + 1;
  return [output.slice(start, end), (output.slice(0, start) + output.slice(end)).trim()];
}

/** How many different composition times pictures have: more than one is proof of B-frames. */
export function compositionTimes(recording: FlvRecording): number {
  const times = recording.tags.filter(isPicture).map(({ body }) => body.subarray(2, 5).toString());
  return new Set(times).size;
}

/** FLV video tag: packet type 1 in byte 1 is a coded picture; the frame type stands in the upper half of byte 0. */
function isPicture({ kind, body }: FlvTag): boolean {
  return kind === 'video' && body[1] === 1;
}
