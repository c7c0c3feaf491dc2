import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Looks again and again until `check` gives something; other programs cannot be asked to call us. */
export async function until<T>(
  check: () => T | Promise<T>,
  ms: number,
  what = 'it',
): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() >= deadline) throw new Error(`${what} did not happen within ${seconds(ms)}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Watches for the whole time and tells whether `check` held throughout. */
export async function staysTrue(check: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  return await until(async () => !(await check()), ms).then(
    () => false,
    () => true,
  );
}

/** `1500` becomes `1.5 s`. */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
