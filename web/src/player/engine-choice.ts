import { codecName } from '../../../shared/media/codec-names.ts';
import type { SniffedTracks } from './flv-sniff.ts';
import type { EngineName } from './player-engine.ts';

/** What this browser can do, asked once. */
export interface BrowserMedia {
  readonly hasMediaSource: boolean;
  /** Safari on iPhones has only this one (iOS 17.1 and later). */
  readonly hasManagedMediaSource: boolean;
  /** Both engines go by the name of this browser in two places, so support has to be asked by it, too. */
  readonly isFirefox: boolean;
  isTypeSupported(mimeType: string): boolean;
}

/** `leftOut` says which track is not played and why; null when nothing is left out. */
export interface EnginePick {
  readonly engine: EngineName;
  readonly video: boolean;
  readonly audio: boolean;
  readonly leftOut: string | null;
}

export type EngineChoice = EnginePick | { readonly unsupported: string };

interface CodecFacts {
  readonly engines: readonly EngineName[];
  /** What the engines ask the browser to take; `codec` is that of the stream where it is known. */
  readonly mimeType: (codec: string | null, browser: BrowserMedia) => string;
}

const asMp4 = (kind: 'video' | 'audio', usual: string) => (codec: string | null) =>
  `${kind}/mp4; codecs="${codec ?? usual}"`;
const both: readonly EngineName[] = ['flv.js', 'mpegts.js'];

const videoCodecs: Readonly<Record<string, CodecFacts>> = {
  avc: { engines: both, mimeType: asMp4('video', 'avc1.42E01E') },
  hevc: { engines: ['mpegts.js'], mimeType: asMp4('video', 'hvc1.1.6.L93.B0') },
  av1: { engines: ['mpegts.js'], mimeType: asMp4('video', 'av01.0.05M.08') },
};

const audioCodecs: Readonly<Record<string, CodecFacts>> = {
  aac: { engines: both, mimeType: asMp4('audio', 'mp4a.40.2') },
  mp3: {
    engines: both,
    // MP3 by itself where the browser takes that, inside of MP4 in Firefox, which takes only this.
    mimeType: (_, { isFirefox }) => (isFirefox ? 'audio/mp4; codecs="mp3"' : 'audio/mpeg'),
  },
  opus: { engines: ['mpegts.js'], mimeType: asMp4('audio', 'opus') },
  flac: { engines: ['mpegts.js'], mimeType: asMp4('audio', 'flac') },
};

type Kind = 'picture' | 'sound';
/** What becomes of one track: the engines that play it, or the sentence that says why none does. */
type TrackChoice = { readonly engines: readonly EngineName[] } | { readonly refusal: string };

/**
 * flv.js where it can: it is smaller. mpegts.js for newer codecs and where only ManagedMediaSource exists. A track that cannot be
 * played does not take the other one with it. `wanted` comes from the page's address.
 */
export function chooseEngine(
  tracks: SniffedTracks,
  browser: BrowserMedia,
  wanted: EngineName | null,
): EngineChoice {
  if (!browser.hasMediaSource && !browser.hasManagedMediaSource) {
    return {
      unsupported: 'This browser cannot play live video inside a page (it has no Media Source Extensions).',
    };
  }
  const picture =
    tracks.video === null ? null : chooseTrack('picture', tracks.video, tracks.videoString, browser);
  const sound =
    tracks.audio === null ? null : chooseTrack('sound', tracks.audio, tracks.audioString, browser);
  const refusals = [picture, sound].flatMap((track) =>
    track !== null && 'refusal' in track ? [track.refusal] : [],
  );
  const video = enginesOf(picture);
  const audio = enginesOf(sound);
  if (video === null && audio === null) {
    return {
      unsupported: refusals.length === 0 ? 'The stream has neither picture nor sound.' : refusals.join(' '),
    };
  }
  const engine = pickEngine([video, audio], wanted);
  if (engine !== undefined)
    return { engine, video: video !== null, audio: audio !== null, leftOut: refusals[0] ?? null };
  return { unsupported: 'No player engine takes this mix of picture and sound.' };
}

function chooseTrack(
  kind: Kind,
  codec: string,
  codecString: string | null,
  browser: BrowserMedia,
): TrackChoice {
  const facts = (kind === 'picture' ? videoCodecs : audioCodecs)[codec];
  const label = codecName(codec);
  const engines = facts?.engines.filter((engine) => browser.hasMediaSource || engine === 'mpegts.js') ?? [];
  if (facts === undefined || engines.length === 0)
    return { refusal: `The ${kind} is ${label}, which cannot be played inside a page.` };
  return browser.isTypeSupported(facts.mimeType(codecString, browser))
    ? { engines }
    : { refusal: `The ${kind} is ${label}, and this browser has no decoder for it.` };
}

function enginesOf(track: TrackChoice | null): readonly EngineName[] | null {
  return track !== null && 'engines' in track ? track.engines : null;
}

function pickEngine(
  tracks: readonly (readonly EngineName[] | null)[],
  wanted: EngineName | null,
): EngineName | undefined {
  const able = both.filter((engine) =>
    tracks.every((engines) => engines === null || engines.includes(engine)),
  );
  return wanted !== null && able.includes(wanted) ? wanted : able[0];
}
