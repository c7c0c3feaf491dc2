import type { MediaSample } from './media-sample.ts';

/** With the clock this much further there is something new on screen, whatever the browser counts. */
const movedSeconds = 0.3;

/**
 * Notices that a new engine shows something, so that the last picture of the one before can be taken away. Any sign will do: browsers
 * have been seen not to call back for frames, and not to count those that are rare.
 */
export class FirstPicture {
  readonly #frames: number;
  #time: number | null = null;
  #shown = false;

  /** `frames` is what the element has counted before. */
  constructor(frames: number) {
    this.#frames = frames;
  }

  /** The browser called back for a frame. */
  frame(): void {
    this.#shown = true;
  }

  /** Whether something new is on screen. */
  look({ currentTime, frames, readyState, seeking }: MediaSample): boolean {
    if (this.#shown) return true;
    if (readyState < 2 || seeking) return false;
    this.#time ??= currentTime;
    // Where it counts anew, the count before says nothing.
    const counted = frames > 0 && frames !== this.#frames;
    const moved = currentTime < this.#time || currentTime - this.#time >= movedSeconds;
    this.#time = Math.min(this.#time, currentTime);
    this.#shown = counted || moved;
    return this.#shown;
  }
}
