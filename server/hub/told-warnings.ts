import type { StreamWarning } from './snapshot.ts';

/** Which warnings of a stream have been told, so that each is told once when it begins and once when it is over. */
export class ToldWarnings {
  #codes: ReadonlySet<string> = new Set();

  /** What is new among the warnings of now, and what is no longer there. */
  compare(warnings: readonly StreamWarning[]): { begun: StreamWarning[]; over: string[] } {
    if (warnings.length === 0 && this.#codes.size === 0) return { begun: [], over: [] };
    const before = this.#codes;
    const now = new Set(warnings.map(({ code }) => code));
    this.#codes = now;
    return {
      begun: warnings.filter(({ code }) => !before.has(code)),
      over: [...before].filter((code) => !now.has(code)),
    };
  }
}
