/** Codecs as people call them. */
const names: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'H.265',
  vvc: 'H.266',
  av1: 'AV1',
  vp9: 'VP9',
  vp8: 'VP8',
  vp6: 'VP6',
  'vp6-alpha': 'VP6',
  'sorenson-h263': 'Sorenson H.263',
  'screen-video': 'Screen Video',
  'screen-video-2': 'Screen Video',
  aac: 'AAC',
  mp3: 'MP3',
  opus: 'Opus',
  flac: 'FLAC',
  'ac-3': 'AC-3',
  'e-ac-3': 'E-AC-3',
  'g711-a': 'G.711',
  'g711-mu': 'G.711',
  speex: 'Speex',
  nellymoser: 'Nellymoser',
  pcm: 'PCM',
  adpcm: 'ADPCM',
};

/** The name people know a codec by: where there is none, how it is called here. */
export function codecName(codec: string): string {
  return names[codec] ?? codec;
}
