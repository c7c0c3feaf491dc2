/** One coded picture as it lies in a movie fragment. Times in units of the track. */
export interface FragmentSample {
  readonly decodeTime: number;
  readonly duration: number;
  /** Presentation time minus decode time. */
  readonly compositionOffset: number;
  /** Sample flags of ISO/IEC 14496-12 section 8.8.3.1. */
  readonly flags: number;
  readonly data: Uint8Array;
}

/** The one track of a movie fragment: what flv.js and mpegts.js append. */
export interface Fragment {
  readonly sequence: number;
  readonly trackId: number;
  readonly samples: readonly FragmentSample[];
}

const box = (type: string): number =>
  [...type].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
const boxes = {
  moof: box('moof'),
  mfhd: box('mfhd'),
  traf: box('traf'),
  tfhd: box('tfhd'),
  tfdt: box('tfdt'),
  trun: box('trun'),
  mdat: box('mdat'),
};
const BOX_HEAD = 8;
const FULL_BOX_HEAD = 12;
/** Flags of a track run that gives offset of the data, then duration, size, flags and composition offset of each sample. */
const RUN_FLAGS = 0x000f01;
const RUN_HEAD = FULL_BOX_HEAD + 8;
const RUN_ENTRY = 16;
const DEFAULT_BASE_IS_MOOF = 0x020000;
const IS_NON_SYNC = 0x00010000;

export const presentationTime = (sample: FragmentSample): number =>
  sample.decodeTime + sample.compositionOffset;
/** Whether decoding can begin there. */
export const isSync = (sample: FragmentSample): boolean => (sample.flags & IS_NON_SYNC) === 0;

/** Reads a fragment of one track. Null for anything else, such as an initialization segment. */
export function readFragment(bytes: Uint8Array): Fragment | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, number>();
  findBoxes(view, 0, bytes.byteLength, found);
  const [head, track, time, run, data] = [boxes.mfhd, boxes.tfhd, boxes.tfdt, boxes.trun, boxes.mdat].map(
    (type) => found.get(type),
  );
  if (head === undefined || track === undefined || time === undefined) return null;
  if (run === undefined || data === undefined) return null;
  if ((view.getUint32(run + BOX_HEAD) & 0xffffff) !== RUN_FLAGS) return null;
  let decodeTime = view.getUint32(time + FULL_BOX_HEAD);
  let at = data + BOX_HEAD;
  const samples: FragmentSample[] = [];
  const count = view.getUint32(run + FULL_BOX_HEAD);
  for (let i = 0; i < count; i++) {
    const entry = run + RUN_HEAD + i * RUN_ENTRY;
    const duration = view.getUint32(entry);
    const size = view.getUint32(entry + 4);
    samples.push({
      decodeTime,
      duration,
      flags: view.getUint32(entry + 8),
      compositionOffset: view.getInt32(entry + 12),
      data: bytes.subarray(at, at + size),
    });
    decodeTime += duration;
    at += size;
  }
  if (at > bytes.byteLength) return null;
  return {
    sequence: view.getUint32(head + FULL_BOX_HEAD),
    trackId: view.getUint32(track + FULL_BOX_HEAD),
    samples,
  };
}

/** Notes where the boxes begin. Those that hold others are looked into. */
function findBoxes(view: DataView, start: number, end: number, found: Map<number, number>): void {
  for (let at = start; at + BOX_HEAD <= end; ) {
    const size = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (size < BOX_HEAD || at + size > end) return;
    found.set(type, at);
    if (type === boxes.moof || type === boxes.traf) findBoxes(view, at + BOX_HEAD, at + size, found);
    at += size;
  }
}

/** Writes a fragment. Its samples follow each other: each begins where the one before ends. */
export function writeFragment({ sequence, trackId, samples }: Fragment): Uint8Array<ArrayBuffer> {
  const dataBytes = samples.reduce((sum, { data }) => sum + data.length, 0);
  const runBytes = RUN_HEAD + RUN_ENTRY * samples.length;
  const trackBytes = BOX_HEAD + 16 + 16 + runBytes;
  const moofBytes = BOX_HEAD + 16 + trackBytes;
  const out = new Uint8Array(moofBytes + BOX_HEAD + dataBytes);
  const view = new DataView(out.buffer);
  let at = 0;
  const words = (...values: number[]): void => {
    for (const value of values) {
      view.setUint32(at, value);
      at += 4;
    }
  };
  words(moofBytes, boxes.moof);
  words(16, boxes.mfhd, 0, sequence);
  words(trackBytes, boxes.traf);
  words(16, boxes.tfhd, DEFAULT_BASE_IS_MOOF, trackId);
  words(16, boxes.tfdt, 0, samples[0]?.decodeTime ?? 0);
  words(runBytes, boxes.trun, RUN_FLAGS, samples.length, moofBytes + BOX_HEAD);
  for (const sample of samples)
    words(sample.duration, sample.data.length, sample.flags, sample.compositionOffset);
  words(BOX_HEAD + dataBytes, boxes.mdat);
  for (const { data } of samples) {
    out.set(data, at);
    at += data.length;
  }
  return out;
}
