import { ByteReader } from '../bytes/byte-reader.ts';
import { concatBytes } from '../bytes/concat.ts';
import { FlvReader } from '../flv/flv-reader.ts';
import type { FlvTag } from '../flv/flv-tag.ts';
import { goldenBytes } from './golden.ts';

// What ffmpeg, x264 and x265 wrote, and the forms in which other encoders would have sent it. Shares nothing with the code that reads them.

/** The tags of an FLV file under `shared/testdata/media`. */
function tagsOf(file: string): FlvTag[] {
  const reader = new FlvReader();
  reader.push(goldenBytes(`media/${file}`));
  const tags: FlvTag[] = [];
  for (let tag = reader.next(); tag; tag = reader.next()) if (tag.kind !== 'header') tags.push(tag);
  return tags;
}

/** A clip of one picture track. */
export interface Clip {
  /** The decoder configuration record. */
  readonly record: Uint8Array;
  /** Pictures in decoding order, their units with four bytes of length in front. */
  readonly pictures: readonly Uint8Array[];
  /** The last two bytes of the composition times. */
  readonly times: readonly number[];
}

/** H.264 out of an FLV file. */
export function avcClip(file = 'avc-high.flv'): Clip {
  const bodies = tagsOf(file)
    .filter(({ kind, body }) => kind === 'video' && body.length > 5)
    .map(({ body }) => body);
  const [header, ...pictures] = bodies;
  if (header?.[1] !== 0) throw new Error(`${file} begins without a header`);
  return {
    record: header.subarray(5),
    pictures: pictures.map((body) => body.subarray(5)),
    times: pictures.map((body) => (body[3]! << 8) | body[4]!),
  };
}

/** H.265 out of the MP4 file, whose samples lie one behind the other. */
export function hevcClip(): Clip {
  const mp4 = goldenBytes('media/hevc-main.mp4');
  const text = Array.from(mp4, (byte) => String.fromCharCode(byte)).join('');
  const box = (name: string): ByteReader => new ByteReader(mp4, text.indexOf(name) + 4);
  const at = text.indexOf('hvcC');
  const record = mp4.subarray(at + 4, at - 4 + new ByteReader(mp4, at - 4).u32());
  const sizes = box('stsz');
  sizes.skip(8);
  const count = sizes.u32();
  const data = box('mdat');
  const pictures = Array.from({ length: count }, () => data.take(sizes.u32()));
  return { record, pictures, times: pictures.map(() => 0) };
}

/** Temporal units of AV1 out of the IVF file. */
export function av1Clip(): Uint8Array[] {
  const reader = new ByteReader(goldenBytes('media/av1-main.ivf'), 32);
  const units: Uint8Array[] = [];
  while (reader.remaining > 0) {
    const size = reader.u8() | (reader.u8() << 8);
    reader.skip(2 + 8); // the rest of the size, the time
    units.push(reader.take(size));
  }
  return units;
}

/** The units of a picture that has lengths of four bytes. */
export function unitsOf(picture: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(picture);
  const units: Uint8Array[] = [];
  while (reader.remaining > 0) units.push(reader.take(reader.u32()));
  return units;
}

/** Units with a length in front of each. */
export const lengthed = (units: readonly Uint8Array[], size = 4): Uint8Array =>
  concatBytes(
    units.flatMap((unit) => [
      Uint8Array.from({ length: size }, (_, i) => unit.length >>> (8 * (size - 1 - i))),
      unit,
    ]),
  );

/** Units with a start code in front of each: four bytes for the first one, three for the others, as encoders write them. */
export const startCoded = (units: readonly Uint8Array[], first = 4, others = 3): Uint8Array =>
  concatBytes(units.flatMap((unit, i) => [startCode(i === 0 ? first : others), unit]));

const startCode = (bytes: number): Uint8Array => Uint8Array.of(...Array(bytes - 1).fill(0), 1);

/** The parameter sets of a record for H.264. */
export function avcSetsOf(record: Uint8Array): { sps: Uint8Array; pps: Uint8Array } {
  const reader = new ByteReader(record);
  reader.skip(6);
  const sps = reader.take(reader.u16());
  reader.skip(1);
  return { sps, pps: reader.take(reader.u16()) };
}

/** The parameter sets of a record for H.265: video, sequence and picture. */
export function hevcSetsOf(record: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(record);
  reader.skip(22);
  const sets: Uint8Array[] = [];
  for (let arrays = reader.u8(); arrays > 0; arrays--) {
    reader.skip(1);
    for (let count = reader.u16(); count > 0; count--) sets.push(reader.take(reader.u16()));
  }
  return sets.filter((set) => [32, 33, 34].includes(set[0]! >> 1));
}

/** A classic video body. */
export const classicVideo = (
  first: number,
  packetType: number,
  data: Uint8Array,
  compositionTime = 0,
): Uint8Array =>
  concatBytes([Uint8Array.of(first, packetType, 0, compositionTime >> 8, compositionTime & 0xff), data]);

/** ADTS frames of the file that ffmpeg wrote, each with its header of seven bytes. */
export function adtsFrames(): Uint8Array[] {
  const file = goldenBytes('media/aac-lc.aac');
  const frames: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = ((file[at + 3]! & 3) << 11) | (file[at + 4]! << 3) | (file[at + 5]! >> 5);
    frames.push(file.subarray(at, at + length));
    at += length;
  }
  return frames;
}

/** The first two frames of the MP3 file: 32 kbit/s at 44.1 kHz. */
export function mp3Frame(): Uint8Array {
  return goldenBytes('media/mp3.mp3').subarray(0, 104);
}
