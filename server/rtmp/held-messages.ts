import { LimitError, type LimitName, type RtmpLimits } from './limits.ts';
import { copyMessage, messageType, type RtmpMessage } from './message.ts';

/**
 * Messages that arrived while a decision about this connection was awaited. nginx-rtmp's push and replayed captures
 * send commands and sequence headers without waiting for answers; losing those headers would leave the stream black.
 */
export class HeldMessages {
  readonly #limits: RtmpLimits;
  #messages: RtmpMessage[] = [];
  #at = 0;
  #bytes = 0;

  constructor(limits: RtmpLimits) {
    this.#limits = limits;
  }

  /**
   * Gives the limit that leaves no room for the message, which is then left out: media can be lost. A command without room is
   * an error.
   */
  push(message: RtmpMessage): LimitName | undefined {
    const bytes = this.#bytes + message.body.length;
    const isFull = this.#messages.length - this.#at >= this.#limits.maxHeldMessages;
    const limit = isFull ? 'maxHeldMessages' : bytes > this.#limits.maxHeldBytes ? 'maxHeldBytes' : undefined;
    if (limit !== undefined) {
      if (message.typeId === messageType.commandAmf0 || message.typeId === messageType.commandAmf3) {
        throw new LimitError('too-many', limit, 'too much sent while an answer was awaited');
      }
      return limit;
    }
    this.#bytes = bytes;
    this.#messages.push(copyMessage(message));
    return undefined;
  }

  shift(): RtmpMessage | undefined {
    const message = this.#messages[this.#at];
    if (message === undefined) return undefined;
    this.#at += 1;
    this.#bytes -= message.body.length;
    if (this.#at === this.#messages.length) {
      this.#messages = [];
      this.#at = 0;
    }
    return message;
  }
}
