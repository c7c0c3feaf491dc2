/** What a media element says of its being held, at one moment. */
export interface HeldFacts {
  /** HTMLMediaElement.paused */
  readonly paused: boolean;
  /** HTMLMediaElement.ended: at its end an element pauses itself. */
  readonly ended: boolean;
  /** Somebody can see it, in the page or in a window of its own. Browsers pause what nobody sees. */
  readonly seen: boolean;
}

export type Wish = 'play' | 'pause';

/**
 * Knows whether the viewer wants the picture to move. Media keys, headphones and the window of picture in picture act on the
 * element itself, and the element's events tell of it late. So no event is taken for a wish: the element is looked at,
 * and where it differs from what it was when the player last touched it, somebody else changed it. That is the new wish,
 * and it is never answered with the opposite command.
 */
export class PlayIntent {
  #wish: Wish = 'play';
  #blocked = false;
  #pausedBefore = true;

  get wish(): Wish {
    return this.#wish;
  }

  /** The browser refuses to play before the viewer has clicked something. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Nothing is to move: the viewer wants it so, or the browser does. */
  get held(): boolean {
    return this.#wish === 'pause' || this.#blocked;
  }

  /** The viewer said so on the page. */
  ask(wish: Wish): void {
    this.#wish = wish;
    if (wish === 'play') this.#blocked = false;
  }

  /** The browser refused `play()`. */
  block(): void {
    this.#blocked = true;
  }

  /** The player did something to the element, after which it is paused or not: that is nobody's wish. */
  touched(paused: boolean): void {
    this.#pausedBefore = paused;
  }

  /** Looks at the element. Returns the viewer's new wish where the element shows one. */
  observe({ paused, ended, seen }: HeldFacts): Wish | null {
    if (paused === this.#pausedBefore) return null;
    this.#pausedBefore = paused;
    if (!paused) this.#blocked = false;
    const isBrowsersDoing = paused && (ended || !seen);
    const wish = paused ? 'pause' : 'play';
    if (isBrowsersDoing || wish === this.#wish) return null;
    this.#wish = wish;
    return wish;
  }
}
