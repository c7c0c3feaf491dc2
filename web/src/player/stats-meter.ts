export interface MeterReading {
  readonly framesPerSecond: number;
  readonly kbps: number;
}

interface Mark {
  readonly atMs: number;
  readonly frames: number;
  readonly bytes: number;
}

const windowMs = 2000;

/** Turns counters into rates over the last two seconds. */
export class StatsMeter {
  #marks: Mark[] = [];

  add(atMs: number, frames: number, bytes: number): MeterReading {
    const last = this.#marks.at(-1);
    // A new engine counts its frames from zero.
    if (last !== undefined && (frames < last.frames || bytes < last.bytes)) this.#marks = [];
    this.#marks.push({ atMs, frames, bytes });
    while (this.#marks.length > 2 && atMs - (this.#marks[1]?.atMs ?? atMs) >= windowMs) this.#marks.shift();
    const first = this.#marks[0];
    if (first === undefined || first.atMs === atMs) return { framesPerSecond: 0, kbps: 0 };
    const seconds = (atMs - first.atMs) / 1000;
    return {
      framesPerSecond: (frames - first.frames) / seconds,
      kbps: ((bytes - first.bytes) * 8) / 1000 / seconds,
    };
  }
}
