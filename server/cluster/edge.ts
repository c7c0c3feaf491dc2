import type { Hub } from '../hub/hub.ts';
import { type Origin, OriginPull } from './origin-pull.ts';

/** How long a stream is kept that nobody watches any more: somebody who reloads a page finds it warm. */
const LINGER_MS = 5_000;
/** The origin cut the line: a moment, so that a restart of it is not met with a storm. */
const RETRY_MS = 250;

type WatchOptions = Parameters<Hub['watch']>[1];
type Watching = ReturnType<Hub['watch']>;

/**
 * A hub without publishers of its own: it asks an origin for a stream when the first viewer comes and lets go of it after
 * the last one. A delivery worker is one, with the process beside it for an origin.
 */
export class Edge {
  readonly hub: Hub;
  readonly #origin: Origin;
  readonly #pulls = new Map<string, OriginPull>();
  readonly #idleSinceMs = new Map<string, number>();

  constructor(hub: Hub, origin: Origin) {
    this.hub = hub;
    this.#origin = origin;
  }

  /** Connects a viewer, and the stream to its origin if need be. */
  watch(stream: string, options: WatchOptions): Watching {
    this.#idleSinceMs.delete(stream);
    if (!this.#pulls.has(stream)) this.#pull(stream);
    return this.hub.watch(stream, options);
  }

  /** Time passes. */
  tick(): void {
    this.hub.tick();
    const nowMs = this.hub.clock.monotonicMs();
    for (const [stream, pull] of this.#pulls) {
      if (this.#viewers(stream) > 0) this.#idleSinceMs.delete(stream);
      else if (!this.#idleSinceMs.has(stream)) this.#idleSinceMs.set(stream, nowMs);
      else if (nowMs - (this.#idleSinceMs.get(stream) ?? nowMs) >= LINGER_MS) pull.stop();
    }
  }

  #pull(stream: string): void {
    const pull = new OriginPull({
      hub: this.hub,
      origin: this.#origin,
      stream,
      onEnd: (how) => {
        this.#pulls.delete(stream);
        this.#idleSinceMs.delete(stream);
        if (how === 'dropped') this.#pullAgain(stream);
      },
    });
    this.#pulls.set(stream, pull);
  }

  /** Viewers are held meanwhile, as for any publisher whose line dropped. */
  #pullAgain(stream: string): void {
    setTimeout(() => {
      if (this.#viewers(stream) > 0 && !this.#pulls.has(stream)) this.#pull(stream);
    }, RETRY_MS);
  }

  #viewers(stream: string): number {
    return this.hub.viewersOf(stream);
  }
}
