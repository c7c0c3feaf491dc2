import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';

/** When somebody whom the operator sent away may return. */
export interface SentAway {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly isOver: boolean;
}

interface Ended {
  readonly state: string;
  readonly reason: string | null;
}

/** Follows why the player stopped: each time that the server may have sent this browser away, it is asked for how long. */
export function followSentAway(
  view: ReadonlySignal<Ended>,
  askUntilMs: () => Promise<number | null>,
): ReadonlySignal<SentAway | null> {
  const sentAway = signal<SentAway | null>(null);
  const mayBe = computed(
    () => view.value.state === 'error' && ['kicked', 'refused'].includes(view.value.reason ?? ''),
  );
  effect(() => {
    sentAway.value = null;
    if (!mayBe.value) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    void askUntilMs().then((untilMs) => {
      if (!isCurrent || untilMs === null) return;
      sentAway.value = { untilMs, isOver: false };
      timer = setTimeout(
        () => {
          sentAway.value = { untilMs, isOver: true };
        },
        Math.max(0, untilMs - Date.now()),
      );
    });
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  });
  return sentAway;
}
