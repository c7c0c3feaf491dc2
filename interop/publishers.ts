import { pictureSize } from './bench.ts';
import type { Tracks } from './judge-recording.ts';
import { Program } from './program.ts';

/** What `rtmp.publish_user` and `rtmp.publish_password` ask for. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A program that publishes by command line. */
export interface Publisher {
  readonly client: string;
  readonly needs: readonly string[];
  /** Sends the clip's packets as they are. */
  readonly copies?: boolean;
  /** Whether it shows the server's sentence to its user, or what it shows instead. */
  readonly showsSentence: true | string;
  /** It closes the socket in a race with its own goodbye, so the server cannot always tell a stop from a cut. */
  readonly mayLeaveSilently?: boolean;
  start(clip: string, url: string, tracks: Tracks, login?: Login): Program;
}

const both: Tracks = { audio: true, video: true };

const ffmpegCopy: Publisher = {
  client: 'ffmpeg, copy',
  copies: true,
  needs: ['ffmpeg'],
  showsSentence: true,
  start: (clip, url, tracks, login) =>
    startFfmpegWith([], clip, login ? withUserPart(url, login) : url, tracks),
};

const ffmpegX264: Publisher = {
  client: 'ffmpeg, x264',
  needs: ['ffmpeg'],
  showsSentence: true,
  start(clip, url, { audio, video }) {
    const coded = [
      ...(video ? ['-c:v', 'libx264', '-g', '60', '-pix_fmt', 'yuv420p'] : ['-vn']),
      ...(audio ? ['-c:a', 'aac'] : ['-an']),
    ];
    return new Program('ffmpeg', ['-hide_banner', '-nostdin', '-re', '-i', clip, ...coded, '-f', 'flv', url]);
  },
};

const rtmpsink: Publisher = {
  client: 'GStreamer rtmpsink',
  needs: ['gst-launch-1.0', 'gst:rtmpsink', 'gst:flvmux', 'gst:x264enc', 'gst:avenc_aac'],
  showsSentence: 'shows no text of the server: its librtmp prints none, and ends when the server closes',
  start: (_clip, url, tracks, login) => {
    const options = login ? ` pubUser=${login.user} pubPasswd=${login.password}` : '';
    return gstreamer(['rtmpsink', `location=${url}${options}`], tracks);
  },
};

const rtmp2sink: Publisher = {
  client: 'GStreamer rtmp2sink',
  needs: ['gst-launch-1.0', 'gst:rtmp2sink', 'gst:flvmux', 'gst:x264enc', 'gst:avenc_aac'],
  showsSentence: true,
  mayLeaveSilently: true,
  start: (_clip, url, tracks, login) => {
    const options = [
      ...(login ? [`username=${login.user}`, `password=${login.password}`] : []),
      // It checks certificates unless it is told not to; the others cannot be told to.
      ...(url.startsWith('rtmps:') ? ['tls-validation-flags=0'] : []),
    ];
    return gstreamer(['rtmp2sink', `location=${url}`, ...options], tracks);
  },
};

/** I420, because x264enc would take the test picture's 4:4:4, which no browser plays. */
function gstreamer(sink: readonly string[], tracks: Tracks): Program {
  const { width, height } = pictureSize;
  const picture = `video/x-raw,format=I420,width=${width},height=${height},framerate=30/1`;
  const sources = [
    tracks.video ? `videotestsrc is-live=true ! ${picture} ! x264enc key-int-max=60 ! mux.` : '',
    tracks.audio ? 'audiotestsrc is-live=true ! audio/x-raw,rate=44100,channels=2 ! avenc_aac ! mux.' : '',
  ];
  const pipeline = ['flvmux', 'name=mux', 'streamable=true', '!', ...sink, ...sources.join(' ').split(' ')];
  return new Program('gst-launch-1.0', ['-e', ...pipeline.filter(Boolean)]);
}

export const publishers: readonly Publisher[] = [ffmpegCopy, ffmpegX264, rtmpsink, rtmp2sink];

/** Without the second ffmpeg: where its codec comes from makes no difference to most trials. */
export const distinctPublishers = publishers.filter((publisher) => publisher !== ffmpegX264);

/** ffmpeg as `copy`, with options of its output. */
export function startFfmpegWith(
  options: readonly string[],
  clip: string,
  url: string,
  tracks = both,
): Program {
  const left = [...(tracks.audio ? [] : ['-an']), ...(tracks.video ? [] : ['-vn'])];
  const args = [
    '-hide_banner',
    '-nostdin',
    '-re',
    '-i',
    clip,
    ...left,
    '-c',
    'copy',
    ...options,
    '-f',
    'flv',
    url,
  ];
  return new Program('ffmpeg', args);
}

/** FFmpeg takes a login as part of the address. */
function withUserPart(url: string, { user, password }: Login): string {
  return url.replace('://', `://${user}:${password}@`);
}

/** Somebody has to publish where another client is looked at. */
export function startFfmpeg(clip: string, url: string): Program {
  return ffmpegCopy.start(clip, url, both);
}
