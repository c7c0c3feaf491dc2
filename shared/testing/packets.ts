import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import {
  adtsFrames,
  avcClip,
  avcSetsOf,
  classicVideo,
  hevcClip,
  hevcSetsOf,
  lengthed,
  mp3Frame,
  startCoded,
  unitsOf,
} from './clips.ts';
import { enhancedBody } from './enhanced-body.ts';

// The clips as bodies of messages: as they should come, and as some encoders send them.

export const avc = avcClip();
export const { sps, pps } = avcSetsOf(avc.record);
export const avcSets = [sps, pps];
export const hevc = hevcClip();
export const hevcSets = hevcSetsOf(hevc.record);

/** Both clips begin a group every ten pictures. */
export const isKey = (picture: number): boolean => picture % 10 === 0;

export const avcHeader = classicVideo(0x17, 0, avc.record);
export const avcFrames = avc.pictures.map((data, i) =>
  classicVideo(isKey(i) ? 0x17 : 0x27, 1, data, avc.times[i]),
);
export const hevcHeader = enhancedBody({
  ...{ kind: 'video', packetType: 0, fourCc: 'hvc1', data: toHex(hevc.record) },
});
const hevcTime = (picture: number): number => (picture % 3) * 40;
export const hevcFrames = hevc.pictures.map((data, i) =>
  enhancedBody({
    ...{ kind: 'video', packetType: 1, fourCc: 'hvc1', frameType: isKey(i) ? 1 : 2 },
    data: hevcTime(i).toString(16).padStart(6, '0') + toHex(data),
  }),
);
/** H.265 behind the codec id of H.264. */
export const hevcAsAvc = hevc.pictures.map((data, i) =>
  classicVideo(isKey(i) ? 0x17 : 0x27, 1, data, hevcTime(i)),
);

/** A frame whose picture has its parameter sets in front; `head` bytes stand before the picture. */
export const withSets = (frame: Uint8Array, sets: readonly Uint8Array[], head = 5): Uint8Array =>
  concatBytes([frame.subarray(0, head), lengthed(sets), frame.subarray(head)]);

/** A classic frame whose units have start codes instead of lengths, with more units in front. */
export const startCodes = (frame: Uint8Array, sets: readonly Uint8Array[] = [], first = 4): Uint8Array =>
  concatBytes([frame.subarray(0, 5), startCoded([...sets, ...unitsOf(frame.subarray(5))], first)]);

/** Frames with their parameter sets in each key frame, as MPEG-TS has them. */
export const inBand = (frames: readonly Uint8Array[], sets: readonly Uint8Array[], head = 5): Uint8Array[] =>
  frames.map((frame, i) => (isKey(i) ? withSets(frame, sets, head) : frame));

export const aacHeader = fromHex('af00 1210');
export const adtsBodies = adtsFrames().map((frame) => concatBytes([fromHex('af01'), frame]));
export const aacBodies = adtsFrames().map((frame) => concatBytes([fromHex('af01'), frame.subarray(7)]));
export const mp3Body = concatBytes([fromHex('2f'), mp3Frame()]);
