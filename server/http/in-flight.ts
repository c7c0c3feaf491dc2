import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuse } from '../../shared/contract/errors.ts';
import { refuseAndCut } from './raw-refusal.ts';

export interface InFlightLimits {
  /** Requests of one connection that may be unanswered at a time. */
  readonly max: number;
  /** A connection had more. It is told so and cut. */
  limitReached(): void;
}

/**
 * Node reads requests of a connection for as long as they come, answered or not, and keeps each. This bounds them: browsers and
 * proxies do not pipeline at all, and whoever sends hundreds without reading an answer is cut.
 */
export class InFlight {
  readonly #limits: InFlightLimits;
  /** Responses that are not over, oldest first. */
  readonly #open = new WeakMap<Socket, Set<ServerResponse>>();
  readonly #cut = new WeakSet<Socket>();

  constructor(limits: InFlightLimits) {
    this.#limits = limits;
  }

  /** Puts the limit before a server's handler. */
  guard(handle: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#enter(request.socket, response)) void handle(request, response);
    };
  }

  /** An upgrade takes the connection away from the requests before it, so there must be none. */
  guardUpgrades(server: Server): void {
    server.prependListener('upgrade', ({ socket }: IncomingMessage) => {
      if ((this.#open.get(socket)?.size ?? 0) > 0) this.#refuse(socket);
    });
  }

  #enter(socket: Socket, response: ServerResponse): boolean {
    // What was read together with the request too many.
    if (this.#cut.has(socket) || socket.destroyed) return false;
    const open = this.#open.get(socket) ?? new Set();
    if (open.size >= this.#limits.max) {
      this.#refuse(socket);
      return false;
    }
    this.#open.set(socket, open);
    open.add(response);
    response.once('close', () => open.delete(response));
    return true;
  }

  #refuse(socket: Socket): void {
    if (this.#cut.has(socket)) return;
    this.#cut.add(socket);
    this.#limits.limitReached();
    const [oldest] = this.#open.get(socket) ?? [];
    // In the middle of an answer another one would be read as its content.
    if (oldest?.headersSent) socket.destroy();
    else refuseAndCut(socket, refuse('too-many-requests-at-once'));
  }
}
