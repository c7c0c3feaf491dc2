/** What passes time on: a hub, or an edge around one. */
interface Ticking {
  tick(): void;
}

/** Enough for whatever waits on time alone; deliveries follow the pictures. Each wake-up of an idle process costs more than what it does. */
const TICK_MS = 50;

/** Lets time pass until the returned function is called. */
export function tickHub(ticking: Ticking): () => void {
  const timer = setInterval(() => ticking.tick(), TICK_MS);
  return () => clearInterval(timer);
}
