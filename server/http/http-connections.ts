import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressGroup, plainAddress } from '../../shared/net/address.ts';
import { AddressCounts } from '../../shared/net/address-counts.ts';

/** How many connections there may be on all HTTP ports together; 0: no limit. */
export interface HttpConnectionLimits {
  readonly maxConnections: number;
  /** Of one address. */
  readonly maxConnectionsPerAddress: number;
}

export interface HttpConnectionsOptions extends HttpConnectionLimits {
  /** Connections of a trusted proxy belong to whoever it speaks for. */
  isProxy(address: string): boolean;
  limitReached(limit: keyof HttpConnectionLimits): void;
}

/**
 * Above a limit so many are let in for a moment: the operator has to get in, and the others to be told why they do not. The next
 * one takes the place of the oldest, so that who asks at once is answered, however many come who ask nothing.
 */
const RESERVE = { maxConnections: 64, maxConnectionsPerAddress: 16 } as const;
/** A connection of the reserve that has not become one of the operator's by then is closed. */
const RESERVE_MS = 5_000;

interface Held {
  readonly socket: Socket;
  /** Whose it is; undefined while a proxy has not said so. */
  address: string | undefined;
  /** The limit that it is above. */
  above: keyof HttpConnectionLimits | undefined;
}

/** The two ends of a line. A socket and the one of TLS above it have the same. */
const lineOf = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localPort}`;

const isSameParty = (a: Held, b: Held): boolean =>
  a.address !== undefined && b.address !== undefined && addressGroup(a.address) === addressGroup(b.address);

/** Counts the connections of all HTTP ports, and by whom they are. */
export class HttpConnections {
  readonly #options: HttpConnectionsOptions;
  readonly #held = new Map<string, Held>();
  readonly #ofAddress = new AddressCounts();
  /** Those above a limit, oldest first. */
  readonly #reserve = new Set<Held>();
  #size = 0;

  constructor(options: HttpConnectionsOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#size;
  }

  /** Counts what a server accepts. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  /** A request came over this line, from an address that a proxy may have said. */
  belongsTo(socket: Socket, address: string): void {
    const held = this.#held.get(lineOf(socket));
    if (!held || !this.#options.isProxy(plainAddress(socket.remoteAddress))) return;
    if (held.address === address) return;
    this.#attribute(held, address);
    // One that served somebody else before is a proxy's, and not to be closed with the reserve.
    held.above = this.#isOver('maxConnectionsPerAddress', held) ? 'maxConnectionsPerAddress' : undefined;
  }

  /** It was let in above a limit: one short answer, and nothing that lasts but for the operator. */
  isReserved(socket: Socket): boolean {
    return this.#held.get(lineOf(socket))?.above !== undefined;
  }

  /** The operator has it: it counts like any other, and may last. */
  admit(socket: Socket): void {
    const held = this.#held.get(lineOf(socket));
    if (!held) return;
    held.above = undefined;
    this.#reserve.delete(held);
  }

  #accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    const held: Held = { socket, address: undefined, above: undefined };
    const line = lineOf(socket);
    this.#held.set(line, held);
    this.#size++;
    socket.once('close', () => this.#release(line, held));
    if (!this.#options.isProxy(address)) this.#attribute(held, address);
    if (this.#isOver('maxConnectionsPerAddress', held)) this.#reserveFor(held, 'maxConnectionsPerAddress');
    else if (this.#isOver('maxConnections', held)) this.#reserveFor(held, 'maxConnections');
  }

  #reserveFor(held: Held, limit: keyof HttpConnectionLimits): void {
    this.#options.limitReached(limit);
    held.above = limit;
    const alike = [...this.#reserve].filter(
      (other) => other.above === limit && (limit === 'maxConnections' || isSameParty(other, held)),
    );
    if (alike.length >= RESERVE[limit]) this.#cut(alike[0]);
    this.#reserve.add(held);
    const timer = setTimeout(() => this.#cut(held), RESERVE_MS);
    timer.unref();
    held.socket.once('close', () => clearTimeout(timer));
  }

  /** Unless the operator has it by now. */
  #cut(held: Held | undefined): void {
    if (held && this.#reserve.delete(held)) held.socket.destroy();
  }

  #isOver(limit: keyof HttpConnectionLimits, { address }: Held): boolean {
    const most = this.#options[limit];
    const ofAddress = address === undefined ? 0 : this.#ofAddress.of(address);
    return most > 0 && (limit === 'maxConnections' ? this.#size : ofAddress) > most;
  }

  #attribute(held: Held, address: string | undefined): void {
    if (held.address !== undefined) this.#ofAddress.remove(held.address);
    held.address = address;
    if (address !== undefined) this.#ofAddress.add(address);
  }

  #release(line: string, held: Held): void {
    this.#size--;
    this.#reserve.delete(held);
    // Its port may be in use again by the time that its end is told.
    if (this.#held.get(line) === held) this.#held.delete(line);
    this.#attribute(held, undefined);
  }
}
