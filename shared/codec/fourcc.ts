/** Four ASCII characters as the big-endian number that Enhanced RTMP puts on the wire and FFmpeg into metadata. */
export const fourCcCode = (text: string): number => {
  let code = 0;
  for (let i = 0; i < 4; i++) code = ((code << 8) | text.charCodeAt(i)) >>> 0;
  return code;
};

/** The four characters of a code; what is not printable ASCII shows as `?`. */
export const fourCcText = (code: number): string => {
  let text = '';
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (code >>> shift) & 0xff;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  }
  return text;
};

/** The codes of Enhanced RTMP v2 (section "Enhanced Video" and "Enhanced Audio"). */
export const fourCc = {
  avc1: fourCcCode('avc1'),
  hvc1: fourCcCode('hvc1'),
  vvc1: fourCcCode('vvc1'),
  av01: fourCcCode('av01'),
  vp08: fourCcCode('vp08'),
  vp09: fourCcCode('vp09'),
  mp4a: fourCcCode('mp4a'),
  opus: fourCcCode('Opus'),
  flac: fourCcCode('fLaC'),
  mp3: fourCcCode('.mp3'),
  ac3: fourCcCode('ac-3'),
  eac3: fourCcCode('ec-3'),
} as const;
