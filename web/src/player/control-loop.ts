import { PlayerController } from './player-controller.ts';
import type { PlayerCommand, PlayerEvent, PlayerView, Seen } from './player-state.ts';

/** What the loop looks at and acts on. */
export interface Controlled {
  nowMs(): number;
  /** The media element and the connection as they are now. */
  look(): Seen;
  run(command: PlayerCommand): void;
}

/**
 * Brings events to the controller and its commands to the element, and looks at the element before and after: what changed
 * between two of our own touches is somebody else's doing.
 */
export class ControlLoop {
  readonly #on: Controlled;
  readonly #controller: PlayerController;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(on: Controlled, random: () => number) {
    this.#on = on;
    this.#controller = new PlayerController(random);
  }

  get view(): PlayerView {
    return this.#controller.view(this.#on.nowMs());
  }

  /** Looks at everything, and decides. Called about five times a second, and whenever the element says that it changed. */
  tick(): void {
    this.#handle({ type: 'tick', seen: this.#on.look() });
  }

  send(event: PlayerEvent): void {
    // A browser pauses what nobody sees, and lets the page know after it is seen again: no wish of the viewer's.
    const element = event.type === 'visibility' ? null : this.#on.look().sample;
    if (element !== null) this.#handle({ type: 'look', element });
    this.#handle(event);
  }

  /** Plays what is held and holds what plays: as it is now, which need not be what the page drew last. */
  togglePlay(): void {
    const element = this.#on.look().sample;
    if (element !== null) this.#handle({ type: 'look', element });
    const { paused, blocked } = this.view;
    this.#handle({ type: paused || blocked ? 'user-play' : 'user-pause' });
  }

  #handle(event: PlayerEvent): void {
    const commands = this.#controller.handle(event, this.#on.nowMs());
    if (commands.length === 0) return;
    for (const command of commands) this.#on.run(command);
    const paused = this.#on.look().sample?.paused ?? true;
    this.#controller.handle({ type: 'touched', paused }, this.#on.nowMs());
  }
}
