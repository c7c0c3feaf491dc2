import { aacSilence, mp3Silence, opusSilence, type Silence } from '../../../shared/codec/silence.ts';
import { encodeFlvHeader } from '../../../shared/flv/flv-header.ts';
import { FlvReader } from '../../../shared/flv/flv-reader.ts';
import type { FlvTag } from '../../../shared/flv/flv-tag.ts';
import { encodeFlvTags } from '../../../shared/flv/flv-writer.ts';
import { classifyPacket } from '../../../shared/media/classify.ts';
import type { ArrivalWatch } from './arrival-watch.ts';
import { DecoderStart } from './decoder-start.ts';
import { audioCodec, type SniffedTracks, videoCodec } from './flv-sniff.ts';
import { SoundFiller } from './sound-filler.ts';

/** Which of the tracks go to the engine. */
export interface PlayedTracks {
  readonly video: boolean;
  readonly audio: boolean;
}

const AAC_HEAD = 2;
const MP3_HEAD = 1;
const EX_HEAD = 5;

/**
 * Stands between the connection and the engine. Leaves out a track that the browser cannot play, fills holes of the sound, notes
 * what came, and tells when the stream is no longer the one that the engine was made for.
 */
export class FlvRewriter {
  readonly #reader = new FlvReader();
  readonly #tracks: SniffedTracks;
  readonly #played: PlayedTracks;
  readonly #arrivals: ArrivalWatch;
  readonly #start = new DecoderStart();
  #filler: SoundFiller | null = null;
  /** What stands before the coded sound in a silent tag. */
  #silentHead: Uint8Array = new Uint8Array(0);
  #silence: Silence | null = null;
  #differs = false;

  constructor(tracks: SniffedTracks, played: PlayedTracks, arrivals: ArrivalWatch) {
    this.#tracks = tracks;
    this.#played = played;
    this.#arrivals = arrivals;
  }

  /** True once a track turned up that was not there, or came in another codec. An engine cannot follow that. */
  get differs(): boolean {
    return this.#differs;
  }

  /** Takes a piece of the response, and gives what the engine gets of it. Throws `ProtocolError` where it is no FLV. */
  push(bytes: Uint8Array, nowMs: number): Uint8Array<ArrayBuffer> {
    this.#reader.push(bytes);
    const tags: FlvTag[] = [];
    let header: Uint8Array = new Uint8Array(0);
    for (let item = this.#reader.next(); item !== undefined; item = this.#reader.next()) {
      if (item.kind === 'header') header = encodeFlvHeader(this.#played);
      else this.#take(item, tags, nowMs);
      if (this.#differs) break;
    }
    this.#arrivals.pieceEnds(nowMs);
    const body = encodeFlvTags(tags);
    const out = new Uint8Array(header.length + body.length);
    out.set(header);
    out.set(body, header.length);
    return out;
  }

  #take(tag: FlvTag, out: FlvTag[], nowMs: number): void {
    switch (tag.kind) {
      case 'data':
        out.push(tag);
        return;
      case 'video':
        this.#takePicture(tag, out, nowMs);
        return;
      case 'audio':
        this.#takeSound(tag, out, nowMs);
        return;
      default:
        tag.kind satisfies never;
    }
  }

  #takePicture(tag: FlvTag, out: FlvTag[], nowMs: number): void {
    const { timestampMs, body } = tag;
    if (this.#isOther(this.#tracks.video, videoCodec(body))) return;
    const starts = this.#start.isStart(body);
    const isFrame = ['keyframe', 'interframe', 'disposable'].includes(classifyPacket('video', body));
    if (!this.#played.video) return;
    if (isFrame) {
      this.#arrivals.frame('video', timestampMs, starts, nowMs);
      const lateMs = this.#arrivals.at(nowMs).sound?.usuallyLateMs ?? 0;
      this.#addSilence(this.#filler?.picture(timestampMs, lateMs, nowMs) ?? [], out);
    }
    out.push(tag);
  }

  #takeSound(tag: FlvTag, out: FlvTag[], nowMs: number): void {
    const { timestampMs, body } = tag;
    const codec = audioCodec(body);
    if (this.#isOther(this.#tracks.audio, codec)) return;
    if (!this.#played.audio) return;
    const role = classifyPacket('audio', body);
    this.#learnSilence(codec, role === 'config', body, nowMs);
    if (role === 'audio') {
      this.#arrivals.frame('audio', timestampMs, true, nowMs);
      const decision = this.#filler?.sound(timestampMs, nowMs);
      this.#addSilence(decision?.silence ?? [], out);
      if (decision?.keep === false) return;
    }
    out.push(tag);
  }

  /** A codec of null names a packet that tells nothing. */
  #isOther(expected: string | null, codec: string | null): boolean {
    if (codec === null || codec === expected) return false;
    this.#differs = true;
    return true;
  }

  #learnSilence(codec: string | null, isConfig: boolean, body: Uint8Array, nowMs: number): void {
    // Without pictures nothing waits for the sound.
    if (!this.#played.video || (this.#silence !== null && !isConfig)) return;
    const found = silenceOf(codec, isConfig, body);
    if (found === undefined) return;
    this.#silence = found.silence;
    this.#silentHead = found.head;
    this.#filler = new SoundFiller(found.silence, nowMs);
  }

  #addSilence(times: readonly number[], out: FlvTag[]): void {
    const silence = this.#silence;
    if (silence === null || times.length === 0) return;
    const body = new Uint8Array(this.#silentHead.length + silence.frame.length);
    body.set(this.#silentHead);
    body.set(silence.frame, this.#silentHead.length);
    for (const timestampMs of times) out.push({ kind: 'audio', timestampMs, body });
    this.#arrivals.filled(times.at(-1) ?? 0);
  }
}

/** Silence of the track that a body belongs to, with the head of its tags. Undefined while it cannot be made. */
function silenceOf(
  codec: string | null,
  isConfig: boolean,
  body: Uint8Array,
): { readonly silence: Silence; readonly head: Uint8Array } | undefined {
  const made = silenceFor(codec, isConfig, body);
  return made?.silence === undefined ? undefined : { silence: made.silence, head: made.head };
}

function silenceFor(codec: string | null, isConfig: boolean, body: Uint8Array) {
  switch (codec) {
    case 'aac':
      return isConfig
        ? { silence: aacSilence(body.subarray(AAC_HEAD)), head: Uint8Array.of(body[0] ?? 0, 1) }
        : undefined;
    case 'mp3':
      return { silence: mp3Silence(body.subarray(MP3_HEAD)), head: body.slice(0, MP3_HEAD) };
    case 'opus':
      // The stereo bit of the first packet tells the channels; the packet type of frames is 1.
      return isConfig
        ? undefined
        : {
            silence: opusSilence(((body[EX_HEAD] ?? 0) & 4) === 0 ? 1 : 2),
            head: Uint8Array.of(0x91, ...body.subarray(1, EX_HEAD)),
          };
    default:
      return undefined;
  }
}
