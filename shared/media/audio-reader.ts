import { bytesEqual } from '../bytes/bytes-equal.ts';
import { decodeAacConfig } from '../codec/aac-config.ts';
import { type AdtsFrame, aacConfig, aacRateIndex, rawAacChannels, readAdts } from '../codec/adts.ts';
import { decodeMp3Header } from '../codec/mp3-frame.ts';
import { audioFormat } from '../flv/audio-tag.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { MediaFlaw } from './media-flaw.ts';
import type { PacketRole } from './media-packet.ts';
import { newPacketHead, type PacketHead, readAudioHead } from './packet-head.ts';

/** What a packet is found to be. Filled in again for each packet. */
export interface AudioReading {
  role: PacketRole;
  /** What viewers get of it: as it came, rewritten, or undefined where it is of no use to anybody. */
  body: Uint8Array | undefined;
  /** A header, made here, that goes before it. */
  header: Uint8Array | undefined;
  /** Frames that came in the same packet, in the order of their times. */
  more: readonly Uint8Array[];
  /** Between them, in milliseconds. */
  stepMs: number;
}

/** What is known of a codec that packets claim. */
interface CodecState {
  /** The header as viewers get it, if one came or was made. */
  header?: Uint8Array;
  headerFault?: MediaFlaw;
  /** The header that was made here, and why. */
  made?: { readonly config: Uint8Array; readonly flaw: MediaFlaw } | undefined;
}

/** An encoder has one, and one more where the operator changes it. */
const MAX_CODECS = 8;
/** So many frames of another codec in a row are no stray: some 70 ms. */
const STRAY_FRAMES = 3;
const AAC_FRAME_SAMPLES = 1024;
const AAC_LC = 2;
/** Two seconds of frames; no packet of a live stream holds as many. */
const MAX_FRAMES = 100;
const none: readonly Uint8Array[] = [];

/**
 * Reads the sound of the default track: the one place that decides what a packet is and what is wrong with it. What can be mended is: ADTS in front
 * of AAC, headers that never came, MP3 under the name of AAC.
 */
export class AudioReader {
  /** Codec of what is relayed; empty while nothing is. */
  codec = '';
  readonly #note: (flaw: MediaFlaw) => void;
  readonly #reading: AudioReading = {
    role: 'other',
    body: undefined,
    header: undefined,
    more: none,
    stepMs: 0,
  };
  /** By the codec that packets claim: one stray packet of another codec takes nothing from what is known. */
  readonly #states = new Map<string, CodecState>();
  #state: CodecState = {};
  /** Of AAC that came under another name. */
  readonly #aacHead = newPacketHead();
  /** Frames in a row that are of another codec than what viewers get. */
  #strays = 0;
  #announcedRate: number | undefined;

  /** `note` hears of each fault, each time. */
  constructor(note: (flaw: MediaFlaw) => void) {
    this.#note = note;
  }

  /** Another publisher. */
  restart(): void {
    this.codec = '';
    this.#announcedRate = undefined;
    this.#states.clear();
    this.#state = {};
    this.#strays = 0;
  }

  /** Metadata gave a sample rate, in Hz: the only word on it where no header comes. */
  announce(sampleRate: number | undefined): void {
    this.#announcedRate = sampleRate;
  }

  /** Reads a header or frame of the default track. What it gives is valid until the next call. Never throws. */
  read(body: Uint8Array, head: PacketHead): AudioReading {
    const reading = this.#reading;
    reading.role = 'other';
    reading.body = body;
    reading.header = undefined;
    reading.more = none;
    this.#state = this.#stateOf(head.codec);
    if (head.codec === '') this.#readUnknown(head);
    else if (head.content === 'config') this.#readHeader(body, head);
    else if (head.codec === 'aac') this.#readAac(body, head);
    else this.#readFrame(body, head);
    return reading;
  }

  #stateOf(codec: string): CodecState {
    const known = this.#states.get(codec);
    if (known) return known;
    // Any four characters may name a codec.
    if (this.#states.size >= MAX_CODECS) this.#states.clear();
    const state: CodecState = {};
    this.#states.set(codec, state);
    return state;
  }

  /**
   * What viewers get is of this codec now. Where it was another one, they need the header again. A header says that the codec changes; without one
   * it has changed when some frames in a row are of the other one: viewers have to begin anew for it, and for a stray packet they should not.
   */
  #follow(codec: string): void {
    const reading = this.#reading;
    if (this.codec === codec) {
      this.#strays = 0;
      return;
    }
    if (this.codec !== '' && ++this.#strays < STRAY_FRAMES) {
      reading.role = 'other';
      reading.body = undefined;
      reading.header = undefined;
      reading.more = none;
      return;
    }
    this.#strays = 0;
    this.codec = codec;
    reading.header ??= this.#state.header;
  }

  #readUnknown(head: PacketHead): void {
    if (head.content !== 'frame') return;
    this.#note('audio-unknown');
    this.#reading.role = 'audio';
  }

  #readHeader(body: Uint8Array, { codec, start, end }: PacketHead): void {
    const config = body.subarray(start, end);
    if (codec === 'aac' && !isAacConfig(config)) {
      this.#state.headerFault = 'audio-header-broken';
      this.#reading.body = undefined;
      if (!this.#state.header) this.#note('audio-header-broken');
      return;
    }
    this.codec = codec;
    this.#state.header = body.slice();
    this.#state.made = undefined;
    this.#reading.role = 'config';
  }

  #readFrame(body: Uint8Array, head: PacketHead): void {
    if (head.codec === 'flac' && !this.#state.header) {
      this.#note('audio-header-missing');
      this.#reading.body = undefined;
      return;
    }
    if (head.codec === 'mp3' && !head.wrapped && this.#isOtherThanMp3(body, head)) return;
    this.#reading.role = 'audio';
    this.#follow(head.codec);
  }

  /** AAC under the name of MP3: with ADTS in front it says what it is, without it nothing can be made of it. */
  #isOtherThanMp3(body: Uint8Array, head: PacketHead): boolean {
    if (body[head.start] === 0xff && ((body[head.start + 1] ?? 0) & 0xe0) === 0xe0) {
      if (!readAdts(body, head.start, head.end)) return false;
      this.#note('audio-codec-mislabelled');
      const aac = prefixed([(audioFormat.aac << 4) | 15, 1], body.subarray(head.start));
      readAudioHead(aac, this.#aacHead);
      this.#state = this.#stateOf('aac');
      this.#readAac(aac, this.#aacHead);
      return true;
    }
    this.#note('audio-unknown');
    this.#reading.body = undefined;
    return true;
  }

  #readAac(body: Uint8Array, head: PacketHead): void {
    const reading = this.#reading;
    reading.role = 'audio';
    const looksLikeMpeg = body[head.start] === 0xff && !head.wrapped;
    const adts = looksLikeMpeg ? readAdts(body, head.start, head.end) : undefined;
    if (adts) this.#unwrap(adts, body, head);
    else if (looksLikeMpeg && ifWellFormed(() => decodeMp3Header(body.subarray(head.start)))) {
      this.#note('audio-codec-mislabelled');
      reading.body = prefixed([(audioFormat.mp3 << 4) | 15], body.subarray(head.start));
      this.#state = this.#stateOf('mp3');
      this.#follow('mp3');
      return;
    } else if (!this.#state.header) this.#guess(body, head);
    if (this.#state.made) this.#note(this.#state.made.flaw);
    if (!this.#state.header) {
      this.#note(this.#state.headerFault ?? 'audio-header-missing');
      reading.role = 'other';
      reading.body = undefined;
      reading.more = none;
      return;
    }
    this.#follow('aac');
  }

  /** Takes the ADTS headers off. They say what the header should have said. */
  #unwrap(first: AdtsFrame, body: Uint8Array, head: PacketHead): void {
    const reading = this.#reading;
    this.#make(first.config, 'audio-header-in-band', head);
    const lead = body.subarray(0, head.start);
    reading.body = prefixed(lead, body.subarray(first.start, first.end));
    reading.stepMs = (AAC_FRAME_SAMPLES * 1000) / first.sampleRate;
    const more: Uint8Array[] = [];
    let next = readAdts(body, first.end, head.end);
    while (next && more.length < MAX_FRAMES) {
      more.push(prefixed(lead, body.subarray(next.start, next.end)));
      next = readAdts(body, next.end, head.end);
    }
    if (more.length > 0) reading.more = more;
  }

  /** Raw frames say whether they are mono or stereo, and not how fast. */
  #guess(body: Uint8Array, head: PacketHead): void {
    const rateIndex = aacRateIndex(this.#announcedRate ?? 0);
    const channels = rawAacChannels(body[head.start]!);
    if (rateIndex === undefined || channels === undefined) return;
    this.#make(aacConfig(AAC_LC, rateIndex, channels), 'audio-header-guessed', head);
  }

  #make(config: Uint8Array, flaw: MediaFlaw, head: PacketHead): void {
    const { header, made } = this.#state;
    // ADTS may leave the channels to an element of the frame, which no header is made of here.
    if (!isAacConfig(config)) return;
    if (header && (!made || bytesEqual(made.config, config))) return;
    this.#state.made = { config, flaw };
    this.#state.header = head.enhanced
      ? prefixed([0x90, 0x6d, 0x70, 0x34, 0x61], config)
      : prefixed([(audioFormat.aac << 4) | 15, 0], config);
    this.#reading.header = this.#state.header;
  }
}

const isAacConfig = (config: Uint8Array): boolean =>
  ifWellFormed(() => decodeAacConfig(config)) !== undefined;

function prefixed(head: ArrayLike<number>, data: Uint8Array): Uint8Array {
  const body = new Uint8Array(head.length + data.length);
  body.set(head);
  body.set(data, head.length);
  return body;
}
