import { type MediaFlaw, mediaFlaws } from '../../shared/media/media-flaw.ts';
import type { StreamWarning } from './snapshot.ts';

/** A fault that was not seen for this long is over. Key frames, which show most of them, may be ten seconds apart. */
const SHOWN_MS = 15_000;

/** Which faults the media of a publisher has, and since when it has not had them. */
export class FlawLog {
  readonly #seenAtMs = new Map<MediaFlaw, number>();

  note(flaw: MediaFlaw, nowMs: number): void {
    this.#seenAtMs.set(flaw, nowMs);
  }

  /** A header is there now: what was said of its absence is over. */
  headerCame(kind: 'audio' | 'video'): void {
    for (const flaw of this.#seenAtMs.keys()) {
      if (flaw.startsWith(`${kind}-header`) && !mediaFlaws[flaw].mended) this.#seenAtMs.delete(flaw);
    }
  }

  /** What is wrong now, worst first. */
  current(nowMs: number): MediaFlaw[] {
    const current: MediaFlaw[] = [];
    for (const [flaw, atMs] of this.#seenAtMs) if (nowMs - atMs < SHOWN_MS) current.push(flaw);
    return current.sort((a, b) => Number(mediaFlaws[a].mended) - Number(mediaFlaws[b].mended));
  }

  /** The same as the operator reads it. */
  warnings(nowMs: number): StreamWarning[] {
    return this.current(nowMs).map((code) => {
      const { message, advice } = mediaFlaws[code];
      return { code, message, advice };
    });
  }

  /** Whether something of this kind comes and is of no use to anybody. */
  spoils(kind: 'audio' | 'video', nowMs: number): boolean {
    return this.current(nowMs).some((flaw) => flaw.startsWith(kind) && !mediaFlaws[flaw].mended);
  }

  clear(): void {
    this.#seenAtMs.clear();
  }
}
