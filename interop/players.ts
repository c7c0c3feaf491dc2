import { Program } from './program.ts';

/** A program that plays an address into a file. */
export interface Player {
  readonly client: string;
  readonly needs: readonly string[];
  /** Asks again for a stream that ended, so that it ends only when the server has refused that. */
  readonly asksAgain?: boolean;
  start(url: string, file: string): Program;
}

export const intoFile: Readonly<Record<'ffmpeg' | 'rtmpdump' | 'rtmpsrc' | 'rtmp2src', Player>> = {
  ffmpeg: {
    client: 'ffmpeg',
    needs: ['ffmpeg'],
    start: (url, file) =>
      new Program('ffmpeg', ['-hide_banner', '-nostdin', '-i', url, '-c', 'copy', '-f', 'flv', '-y', file]),
  },
  rtmpdump: {
    client: 'rtmpdump',
    needs: ['rtmpdump'],
    start: (url, file) => new Program('rtmpdump', ['-v', '-r', url, '-o', file]),
  },
  rtmpsrc: {
    client: 'GStreamer rtmpsrc',
    needs: ['gst-launch-1.0', 'gst:rtmpsrc'],
    asksAgain: true,
    start: (url, file) => gstreamer('rtmpsrc', url, file),
  },
  rtmp2src: {
    client: 'GStreamer rtmp2src',
    needs: ['gst-launch-1.0', 'gst:rtmp2src'],
    start: (url, file) => gstreamer('rtmp2src', url, file),
  },
};

/** rtmp2src checks certificates unless it is told not to. */
function gstreamer(source: string, url: string, file: string): Program {
  const options = source === 'rtmp2src' && url.startsWith('rtmps:') ? ' tls-validation-flags=0' : '';
  const pipeline = `${source} location=${url}${options} ! filesink buffer-mode=unbuffered location=${file}`;
  return new Program('gst-launch-1.0', ['-q', ...pipeline.split(' ')]);
}
