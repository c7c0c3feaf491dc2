/**
 * Microseconds of a clock that every thread and process of this machine shares and that is never set. `performance.now`
 * begins anew in each of them, so where it began is found out once.
 */
export function monotonicUs(): number {
  return originUs + performance.now() * 1000;
}

const originUs = findOrigin();

/** The tightest of several readings: between two clocks that are read one after the other, anything may happen. */
function findOrigin(): number {
  let best = { widthUs: Number.POSITIVE_INFINITY, originUs: 0 };
  for (let i = 0; i < 100; i++) {
    const beforeNs = process.hrtime.bigint();
    const nowUs = performance.now() * 1000;
    const afterNs = process.hrtime.bigint();
    const widthUs = Number(afterNs - beforeNs) / 1000;
    if (widthUs < best.widthUs) best = { widthUs, originUs: Number(beforeNs) / 1000 + widthUs / 2 - nowUs };
  }
  return best.originUs;
}
