export interface LiveBadgeProps {
  readonly state: string;
  readonly reason: string | null;
  readonly paused: boolean;
  /** Seconds behind the newest that the server has. */
  readonly latency: number | null;
  readonly onCatchUp: () => void;
}

/** Further behind than this the badge becomes a way back. */
const behindSeconds = 1;

const words: Readonly<Record<string, string>> = {
  offline: 'OFF AIR',
  ended: 'ENDED',
  connecting: 'CONNECTING',
  reconnecting: 'RECONNECTING',
};

const byReason: Readonly<Record<string, string>> = {
  'publisher-silent': 'NO SIGNAL',
  'publisher-interrupted': 'NO SIGNAL',
};

/** LIVE with the seconds behind; a button when there is something to catch up. */
export function LiveBadge({ state, reason, paused, latency, onCatchUp }: LiveBadgeProps) {
  if (state !== 'live' && state !== 'buffering') {
    // Nothing connects while a viewer wants none.
    const word = paused && state === 'connecting' ? 'PAUSED' : (byReason[reason ?? ''] ?? words[state]);
    return word === undefined ? null : (
      <span class="live-badge" data-on="false">
        {word}
      </span>
    );
  }
  const behind = latency ?? 0;
  const figure = <span class="live-badge-latency">{latency === null ? '' : `${behind.toFixed(1)} s`}</span>;
  if (behind <= behindSeconds && !paused) {
    return (
      <span class="live-badge" data-on="true" title="Seconds behind the newest that the server has">
        <span class="live-badge-dot" aria-hidden="true" />
        LIVE {figure}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="live-badge"
      data-on="behind"
      onClick={onCatchUp}
      title="Catch up with the live picture"
    >
      <span class="live-badge-dot" aria-hidden="true" />
      LIVE {figure}
      <span class="live-badge-hint">catch up</span>
    </button>
  );
}
