import { bytesEqual } from '../bytes/bytes-equal.ts';
import { encodeAv1Record } from '../codec/av1-record.ts';
import {
  hasStartCodes,
  isStartCode,
  lengthsFit,
  newNalWalk,
  nextWithStartCode,
  walkFrom,
  withLengths,
} from '../codec/nal-units.ts';
import {
  av1PictureKind,
  newPictureScan,
  type PictureKind,
  scanPicture,
  vp8PictureKind,
  vp9PictureKind,
} from '../codec/picture-scan.ts';
import { frameType } from '../flv/video-tag.ts';
import { BandSets } from './band-sets.ts';
import { frameRole } from './classify.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { MediaFlaw } from './media-flaw.ts';
import type { PacketRole } from './media-packet.ts';
import type { PacketHead } from './packet-head.ts';
import { av1HeaderBody, greyBody, headerBody, relabelled } from './video-body.ts';
import {
  codecOfSets,
  MAX_SETS,
  readVideoRecord,
  recordOf,
  type SetCodec,
  type VideoRecord,
  writeVideoRecord,
} from './video-record.ts';

/** What a packet is found to be. Filled in again for each packet. */
export interface VideoReading {
  role: PacketRole;
  /** What viewers get of it: as it came, rewritten, or undefined where it is of no use to anybody. */
  body: Uint8Array | undefined;
  /** What its first byte has to be, where the sender marked the picture wrongly. */
  firstByte: number;
  /** A sequence header, made here, that goes before it. */
  header: Uint8Array | undefined;
}

/** What is known of a codec that packets claim. */
interface CodecState {
  /** What the header really holds, of codecs with parameter sets. */
  record: VideoRecord | undefined;
  /** A header came, or was made. */
  hasHeader: boolean;
  /** The header as viewers get it. */
  header: Uint8Array | undefined;
  headerFault: MediaFlaw | undefined;
  /** The header that the encoder sent last, as it came. */
  sent: Uint8Array | undefined;
  /** No header came that could be used. */
  madeHere: boolean;
  /** Places to recover since the last key frame. */
  recoveries: number;
  /** The last picture that was clear about it had start codes. */
  hasStartCodes: boolean;
  /** What the parameter sets in band are of, whatever the packets say, while there is no record. */
  shown: SetCodec | undefined;
  readonly band: BandSets;
}

const newCodecState = (): CodecState => ({
  record: undefined,
  hasHeader: false,
  header: undefined,
  headerFault: undefined,
  sent: undefined,
  madeHere: false,
  recoveries: 0,
  hasStartCodes: false,
  shown: undefined,
  band: new BandSets(),
});

/** An encoder has one, and one more where the operator changes it. */
const MAX_CODECS = 8;

/** Lengths of this size hold any unit, and nearly every encoder uses them. */
const LONGEST_LENGTH_SIZE = 4;

const isSetCodec = (codec: string): codec is SetCodec => codec === 'avc' || codec === 'hevc';

/**
 * Reads the pictures of the default track: the one place that decides what a packet is, whether a decoder can start at it, and what is wrong
 * with it. What can be mended is: headers that came only with the pictures, start codes, codecs under another one's name, wrong marks.
 * The frame type is the word of the sender; the bytes are the fact.
 */
export class VideoReader {
  /** Codec of what is relayed; empty while nothing is. */
  codec = '';
  readonly #note: (flaw: MediaFlaw) => void;
  readonly #scan = newPictureScan();
  readonly #walk = newNalWalk();
  readonly #reading: VideoReading = { role: 'other', body: undefined, firstByte: 0, header: undefined };
  /** By the codec that packets claim: one stray packet of another codec takes nothing from what is known. */
  readonly #states = new Map<string, CodecState>();
  #state = newCodecState();
  /** Frames come in the FourCC form. */
  #isEnhanced = false;
  #grey: { of: VideoRecord; body: Uint8Array | undefined } | undefined;

  /** `note` hears of each fault, each time. */
  constructor(note: (flaw: MediaFlaw) => void) {
    this.#note = note;
  }

  /** Another publisher. */
  restart(): void {
    this.codec = '';
    this.#states.clear();
    this.#state = newCodecState();
  }

  /**
   * A picture that a decoder can start at, grey all over, for a stream that has none of its own: in the form of this stream's frames, to be put in
   * front of any of them. Undefined for codecs that it cannot be made for.
   */
  greyStart(): Uint8Array | undefined {
    const record = this.#state.record;
    if (record === undefined) return undefined;
    if (this.#grey?.of !== record) this.#grey = { of: record, body: greyBody(record, this.#isEnhanced) };
    return this.#grey.body;
  }

  /** Reads a sequence header or frame of the default track. What it gives is valid until the next call. Never throws. */
  read(body: Uint8Array, head: PacketHead): VideoReading {
    const reading = this.#reading;
    reading.role = 'other';
    reading.body = body;
    reading.firstByte = body[0] ?? 0;
    reading.header = undefined;
    this.#state = this.#stateOf(head.codec);
    if (head.codec === '') {
      this.#note('video-unknown');
      reading.role = head.content === 'frame' ? frameRole(head.frameType) : 'other';
    } else if (head.content === 'config') {
      this.#readHeader(body, head);
    } else if (isSetCodec(head.codec)) {
      this.#readUnits(body, head, head.codec);
    } else {
      this.#readFrame(body, head);
    }
    return reading;
  }

  #stateOf(codec: string): CodecState {
    const known = this.#states.get(codec);
    if (known) return known;
    // Any four characters may name a codec.
    if (this.#states.size >= MAX_CODECS) this.#states.clear();
    const state = newCodecState();
    this.#states.set(codec, state);
    return state;
  }

  /** What viewers get is of this codec now. Where it was another one, they need the header again. */
  #follow(codec: string): void {
    if (this.codec === codec) return;
    this.codec = codec;
    this.#reading.header ??= this.#state.header;
  }

  #readHeader(body: Uint8Array, head: PacketHead): void {
    const reading = this.#reading;
    const { codec, start, end } = head;
    if (!isSetCodec(codec)) {
      if (end > start) {
        this.codec = codec;
        this.#state.hasHeader = true;
        this.#state.madeHere = false;
        this.#state.header = body.slice();
        reading.role = 'config';
      } else this.#failHeader('video-header-empty');
      return;
    }
    const sent = body.subarray(start, end);
    if (this.#state.sent && bytesEqual(this.#state.sent, sent)) {
      // Repeated. What came with the pictures since is newer.
      reading.body = undefined;
      return;
    }
    // The body is lent, and what the record holds is kept.
    const own = sent.slice();
    const record = readVideoRecord(own, codec) ?? this.#recordOfStartCodes(body, head);
    if (record === undefined) {
      this.#failHeader(end > start ? 'video-header-broken' : 'video-header-empty');
      return;
    }
    this.#state.record = record;
    this.#state.sent = own;
    this.codec = record.codec;
    this.#state.hasHeader = true;
    this.#state.madeHere = false;
    reading.role = 'config';
    if (record.codec !== codec && !head.wrapped) {
      this.#note('video-codec-mislabelled');
      reading.body = relabelled(reading.body ?? body, head, record.codec);
    }
    this.#state.header = reading.body?.slice();
    reading.firstByte = reading.body?.[0] ?? 0;
  }

  /** A header that is of no use is not passed on. One that came before it stays. */
  #failHeader(flaw: MediaFlaw): void {
    this.#state.headerFault = flaw;
    this.#reading.body = undefined;
    if (!this.#state.hasHeader) this.#note(flaw);
  }

  /** Some encoders put the parameter sets into the header as they would into a file: between start codes. */
  #recordOfStartCodes(body: Uint8Array, { start, end, wrapped }: PacketHead): VideoRecord | undefined {
    if (wrapped || !isStartCode(body, start)) return undefined;
    walkFrom(this.#walk, start, end);
    const units: Uint8Array[] = [];
    while (nextWithStartCode(body, this.#walk) && units.length < MAX_SETS) {
      units.push(body.subarray(this.#walk.start, this.#walk.end));
    }
    const record = recordOf(units, LONGEST_LENGTH_SIZE);
    const written = record && writeVideoRecord(record);
    if (written === undefined) return undefined;
    this.#note('video-start-codes');
    const made = new Uint8Array(start + written.length);
    made.set(body.subarray(0, start));
    made.set(written, start);
    this.#reading.body = made;
    return record;
  }

  #readUnits(body: Uint8Array, head: PacketHead, claimed: SetCodec): void {
    const reading = this.#reading;
    const scan = this.#scan;
    let lengthSize = this.#state.record?.nalLengthSize ?? LONGEST_LENGTH_SIZE;
    const { start } = head;
    let units = body;
    let end = head.end;
    if (!head.wrapped && this.#hasStartCodes(body, start, end, lengthSize)) {
      this.#note('video-start-codes');
      lengthSize = LONGEST_LENGTH_SIZE;
      units = withLengths(body, start, lengthSize);
      end = units.length;
      this.#useLengthSize(lengthSize, head);
    }
    lengthSize = this.#lengthSizeOf(units, start, end, lengthSize, head);
    this.#lookForOtherCodec(units, head, end, lengthSize);
    const codec = this.#state.record?.codec ?? this.#state.shown ?? claimed;
    scanPicture(codec, units, start, end, lengthSize, scan);
    if (scan.kind === 'unknown') this.#note('video-lengths-broken');
    if (scan.sets) this.#state.band.collect(codec, units, start, end, lengthSize);
    if (scan.kind !== 'none') this.#beginAt(codec, head);
    if (this.#state.record === undefined) {
      // Parameter sets that come before their picture are no fault yet.
      if (scan.kind !== 'none') this.#note(this.#state.headerFault ?? 'video-header-missing');
      reading.body = undefined;
      return;
    }
    this.#follow(codec);
    reading.body = units;
    if (codec !== claimed && !head.wrapped) {
      this.#note('video-codec-mislabelled');
      reading.body = relabelled(units, head, codec);
    }
    this.#isEnhanced = (reading.body[0] ?? 0) >= 0x80;
    reading.firstByte = reading.body[0] ?? 0;
    this.#judge(scan.kind, head);
  }

  /**
   * The size of the lengths in a picture. A header that names a shorter one than they have fits by luck: the upper half of each length is an empty
   * unit for it. The other way round is not looked for: in damaged pictures short lengths fit by chance.
   */
  #lengthSizeOf(units: Uint8Array, start: number, end: number, lengthSize: number, head: PacketHead): number {
    const isRight =
      lengthSize === LONGEST_LENGTH_SIZE ||
      lengthsFit(units, start, end, lengthSize) ||
      !lengthsFit(units, start, end, LONGEST_LENGTH_SIZE);
    if (isRight) return lengthSize;
    this.#note('video-length-size-wrong');
    this.#useLengthSize(LONGEST_LENGTH_SIZE, head);
    return LONGEST_LENGTH_SIZE;
  }

  /**
   * Parameter sets in band tell the codec, whatever the packets and the header say. They come with key frames, so that where there is a header only
   * these are looked at.
   */
  #lookForOtherCodec(units: Uint8Array, head: PacketHead, end: number, lengthSize: number): void {
    const state = this.#state;
    if (state.record === undefined) {
      state.shown ??= codecOfSets(this.#walk, units, head.start, end, lengthSize);
    } else if (head.frameType === frameType.key) {
      const shown = codecOfSets(this.#walk, units, head.start, end, lengthSize);
      if (shown === undefined || shown === state.record.codec) return;
      // The encoder changed to another codec and names it as before.
      this.#states.set(head.codec, { ...newCodecState(), shown, sent: state.sent });
      this.#state = this.#stateOf(head.codec);
    }
  }

  /** A picture of a few hundred bytes may look like both: an encoder goes on as it began. */
  #hasStartCodes(body: Uint8Array, start: number, end: number, lengthSize: number): boolean {
    const state = this.#state;
    state.hasStartCodes =
      isStartCode(body, start) && (state.hasStartCodes || hasStartCodes(body, start, end, lengthSize));
    return state.hasStartCodes;
  }

  /** A picture comes: the sets in front of it are whole. Where it can start a decoder, or none has been started, they make a header. */
  #beginAt(codec: SetCodec, head: PacketHead): void {
    const { kind } = this.#scan;
    const isStart = kind === 'start' || kind === 'recovery';
    if (isStart || this.#state.record === undefined) {
      const record = this.#state.band.recordAfter(codec, this.#state.record);
      const wasWithout = !this.#state.hasHeader;
      if (record && this.#make(record, head)) this.#state.madeHere ||= wasWithout;
    }
    if (isStart && this.#state.madeHere) this.#note('video-header-in-band');
    this.#state.band.pictureCame();
  }

  /** Makes the header that says this. False where the sets make no sense. */
  #make(record: VideoRecord, head: PacketHead): boolean {
    const written = writeVideoRecord(record);
    if (!written) return false;
    this.#state.record = record;
    this.#state.hasHeader = true;
    this.#state.header = headerBody(record.codec, written, head);
    this.#reading.header = this.#state.header;
    return true;
  }

  /** Pictures have lengths of so many bytes from here on. */
  #useLengthSize(nalLengthSize: number, head: PacketHead): void {
    const { record } = this.#state;
    if (record && record.nalLengthSize !== nalLengthSize) this.#make({ ...record, nalLengthSize }, head);
  }

  /** Pictures of codecs without parameter sets of this kind. */
  #readFrame(body: Uint8Array, head: PacketHead): void {
    const kind = kindOf(head.codec, body, head.start, head.end);
    if (head.codec === 'av1' && kind === 'start' && (!this.#state.hasHeader || this.#state.madeHere))
      this.#makeAv1Header(body, head);
    if (needsHeader(head.codec) && !this.#state.hasHeader) {
      this.#note(this.#state.headerFault ?? 'video-header-missing');
      this.#reading.body = undefined;
      return;
    }
    this.#follow(head.codec);
    this.#judge(kind, head);
  }

  /** The sequence header that a key frame brings is what the header should have held. */
  #makeAv1Header(body: Uint8Array, head: PacketHead): void {
    const record = ifWellFormed(() => encodeAv1Record(body.subarray(head.start, head.end)));
    if (!record) return;
    this.#note('video-header-in-band');
    const made = av1HeaderBody(record, head);
    if (this.#state.header && bytesEqual(this.#state.header, made)) return;
    this.#state.madeHere = true;
    this.#state.hasHeader = true;
    this.#state.header = made;
    this.#reading.header = made;
  }

  /** Decides the role by what the bytes are, and corrects the mark for those who go by it. */
  #judge(kind: PictureKind, head: PacketHead): void {
    const reading = this.#reading;
    const claimed = frameRole(head.frameType);
    const claimsKey = claimed === 'keyframe';
    if (kind === 'unknown') {
      reading.role = claimed;
    } else if (kind === 'none') {
      reading.role = 'other';
    } else if (kind === 'start') {
      this.#state.recoveries = 0;
      reading.role = 'keyframe';
      if (!claimsKey) this.#mark(head, frameType.key, 'keyframe-flags-wrong');
    } else {
      reading.role =
        kind === 'recovery' ? 'recovery' : claimed === 'disposable' ? 'disposable' : 'interframe';
      if (kind === 'recovery') this.#noteRecovery();
      // What recovers is marked as a key frame by FFmpeg, and players that believe it start there with a broken picture.
      if (claimsKey)
        this.#mark(head, frameType.inter, kind === 'recovery' ? undefined : 'keyframe-flags-wrong');
      else if (claimed === 'other') this.#mark(head, frameType.inter, 'keyframe-flags-wrong');
    }
  }

  /** One recovery point between key frames is no fault; several in a row stand where key frames should be. */
  #noteRecovery(): void {
    if (++this.#state.recoveries < 2) return;
    this.#note(this.#scan.isWhole ? 'open-groups' : 'intra-refresh');
  }

  #mark(head: PacketHead, type: number, flaw: MediaFlaw | undefined): void {
    if (flaw) this.#note(flaw);
    // A packet of several tracks has one mark for all of them.
    if (!head.wrapped) this.#reading.firstByte = (this.#reading.firstByte & 0x8f) | (type << 4);
  }
}

/** Codecs whose decoders cannot begin without a header. What VP8 and VP9 need is in their key frames. */
const needsHeader = (codec: string): boolean => codec === 'av1' || codec === 'vvc';

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const vvcScan = newPictureScan();

function kindOf(codec: string, body: Uint8Array, start: number, end: number): PictureKind {
  switch (codec) {
    case 'av1':
      return av1PictureKind(body, start, end);
    case 'vvc':
      scanPicture('vvc', body, start, end, 4, vvcScan);
      return vvcScan.kind;
    case 'vp9':
      return vp9PictureKind(body, start);
    case 'vp8':
      return vp8PictureKind(body, start);
    default:
      return 'unknown';
  }
}
