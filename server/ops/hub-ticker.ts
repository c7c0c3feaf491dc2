/** What passes time on: a hub, or an edge around one. */
interface Ticking {
  tick(): void;
}

/** Enough for whatever waits on time alone. Each wake-up of an idle process costs more than what it then does. */
const QUIET_MS = 50;
/** How exact a delivery is that waits for the pace of a busy process. */
const PACED_MS = 10;

/** Calls `tick` often enough for the pace that `hub` keeps, until the returned function is called. */
export function tickHub(ticking: Ticking, hub: { readonly paceMs: number }): () => void {
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(
      () => {
        ticking.tick();
        next();
      },
      hub.paceMs > 0 ? PACED_MS : QUIET_MS,
    );
  };
  next();
  return () => clearTimeout(timer);
}
