import type { SniffedTracks } from './flv-sniff.ts';
import type { EngineName } from './player-engine.ts';

/** What this browser can do, asked once. */
export interface BrowserMedia {
  readonly hasMediaSource: boolean;
  /** Safari on iPhones has only this one (iOS 17.1 and later). */
  readonly hasManagedMediaSource: boolean;
  isTypeSupported(mimeType: string): boolean;
}

export type EngineChoice = { readonly engine: EngineName } | { readonly unsupported: string };

interface CodecFacts {
  readonly label: string;
  readonly engines: readonly EngineName[];
  /** A typical stream of the kind, for isTypeSupported: whether the browser has the decoder at all. */
  readonly mimeType: string;
}

const videoCodecs: Readonly<Record<string, CodecFacts>> = {
  avc: {
    label: 'H.264',
    engines: ['flv.js', 'mpegts.js'],
    mimeType: 'video/mp4; codecs="avc1.42E01E"',
  },
  hevc: {
    label: 'H.265 (HEVC)',
    engines: ['mpegts.js'],
    mimeType: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  },
  av1: { label: 'AV1', engines: ['mpegts.js'], mimeType: 'video/mp4; codecs="av01.0.05M.08"' },
  vp9: { label: 'VP9', engines: [], mimeType: 'video/mp4; codecs="vp09.00.10.08"' },
};

const audioCodecs: Readonly<Record<string, CodecFacts>> = {
  aac: { label: 'AAC', engines: ['flv.js', 'mpegts.js'], mimeType: 'audio/mp4; codecs="mp4a.40.2"' },
  mp3: { label: 'MP3', engines: ['flv.js', 'mpegts.js'], mimeType: 'audio/mpeg' },
  opus: { label: 'Opus', engines: ['mpegts.js'], mimeType: 'audio/mp4; codecs="opus"' },
  flac: { label: 'FLAC', engines: ['mpegts.js'], mimeType: 'audio/mp4; codecs="flac"' },
};

/**
 * flv.js where it can: it is smaller. mpegts.js for newer codecs and where only ManagedMediaSource exists. A sentence
 * that names the codec when neither will do. `wanted` comes from the page's address.
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
  let engines: readonly EngineName[] = browser.hasMediaSource ? ['flv.js', 'mpegts.js'] : ['mpegts.js'];
  const parts = [
    { name: tracks.video, facts: videoCodecs, kind: 'picture' },
    { name: tracks.audio, facts: audioCodecs, kind: 'sound' },
  ] as const;
  for (const { name, facts, kind } of parts) {
    if (name === null) continue;
    const codec = facts[name];
    if (codec === undefined || codec.engines.length === 0) {
      return { unsupported: `The ${kind} is ${codec?.label ?? name}, which cannot be played inside a page.` };
    }
    if (!browser.isTypeSupported(codec.mimeType)) {
      return { unsupported: `The ${kind} is ${codec.label}, and this browser has no decoder for it.` };
    }
    engines = engines.filter((engine) => codec.engines.includes(engine));
  }
  const engine = wanted !== null && engines.includes(wanted) ? wanted : engines[0];
  return engine === undefined
    ? { unsupported: 'No player engine takes this mix of picture and sound.' }
    : { engine };
}
