/** What the player is doing, as its controller sees it. */
export type PlayerPhase =
  | { readonly is: 'idle' }
  | { readonly is: 'waiting'; readonly endedAtMs: number | null; readonly pollAtMs: number | null }
  /** `sinceMs` starts anew while what is missing has a good reason. */
  | {
      readonly is: 'opening';
      readonly openedAtMs: number;
      sinceMs: number;
      firstByte: boolean;
      engineReady: boolean;
    }
  | { readonly is: 'playing'; readonly sinceMs: number }
  | { readonly is: 'backoff'; readonly retryAtMs: number }
  /** The connection was let go while nobody looks. */
  | { readonly is: 'parked' }
  | { readonly is: 'stopped'; readonly as: 'unsupported' | 'error'; readonly retryAtMs: number | null };
