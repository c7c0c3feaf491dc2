export interface PictureClicksOptions {
  readonly togglePlay: () => void;
  readonly toggleFullscreen: () => void;
  /** Calls back later; what it returns takes that back. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** A second click mostly comes within this time. Systems allow up to half a second, which a pause should not take. */
const secondClickMs = 250;

/**
 * What clicks on the picture mean. One holds the picture or lets it go on, two are full screen and nothing else. So the first waits
 * for a second; one that comes even later, and still makes a double click for the system, takes back what the first did.
 */
export class PictureClicks {
  readonly #options: PictureClicksOptions;
  #cancel: (() => void) | null = null;
  #toggled = false;

  constructor(options: PictureClicksOptions) {
    this.#options = options;
  }

  /** `count` is that of the event: 2 for the second click of a double click, and so on. */
  click(count: number): void {
    if (count > 1) {
      this.#takeBack();
      return;
    }
    this.#takeBackPending();
    this.#toggled = false;
    this.#cancel = this.#options.after(secondClickMs, () => {
      this.#cancel = null;
      this.#toggled = true;
      this.#options.togglePlay();
    });
  }

  doubleClick(): void {
    this.#takeBack();
    this.#options.toggleFullscreen();
  }

  /** The picture is gone. */
  close(): void {
    this.#takeBackPending();
  }

  #takeBack(): void {
    this.#takeBackPending();
    if (!this.#toggled) return;
    this.#toggled = false;
    this.#options.togglePlay();
  }

  #takeBackPending(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
