import type { Socket } from 'node:net';
import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { programName } from '../../../shared/media/program-name.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Peer } from '../../hub/snapshot.ts';
import { askedName } from '../../rtmp/asked-name.ts';
import { defaultRtmpLimits, LimitError, type LimitName, type RtmpLimits } from '../../rtmp/limits.ts';
import type { PublisherAuth } from '../../rtmp/publisher-auth.ts';
import { redactQuery } from '../../rtmp/redact-query.ts';
import { ServerSession } from '../../rtmp/server-session.ts';
import type { ConnectRequest, NotPossible, PublishRequest, SessionEvent } from '../../rtmp/session-event.ts';
import type { Admission } from '../admission.ts';
import { newConnectionId } from '../connection-id.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { TransportLog } from '../transport-log.ts';
import type { WaitingRoom } from '../waiting-room.ts';
import { ConnectionDeadlines, type RtmpTimeouts } from './connection-deadlines.ts';
import { ConnectionReports } from './connection-reports.ts';
import { judgeLogin } from './publisher-login.ts';
import { readInPlace } from './read-in-place.ts';
import type { RtmpClient, RtmpObserver } from './rtmp-observer.ts';
import { RtmpOutput } from './rtmp-output.ts';
import { RtmpPlaybacks } from './rtmp-playbacks.ts';
import { RtmpPublication } from './rtmp-publication.ts';
import { playRefusalCode, publishRefusalCode } from './rtmp-status.ts';
import { negotiatedFields, usageFields } from './session-fields.ts';

/** What a connection works with. */
export interface RtmpConnectionDeps {
  readonly hub: Hub;
  readonly waitingRoom: WaitingRoom;
  readonly admission: Admission;
  readonly observer: RtmpObserver;
  readonly log: TransportLog;
  readonly timeouts: RtmpTimeouts;
  /** How long a player is kept waiting for a stream that is not live yet; 10 s unless told otherwise. */
  readonly waitForStreamMs?: number;
  /** Asks publishers for a user name and a password; without it everybody may publish. */
  readonly publishAuth?: PublisherAuth | undefined;
  /** Limits of a connection that are not the default ones. */
  readonly limits?: Partial<RtmpLimits>;
  /** The connection holds so many bytes of half-received messages more, or less, than before. */
  partialBytesChanged(change: number): void;
  /** Why a client that says connect is not wanted now, if it is not. */
  refuseConnect(client: RtmpClient, app: string): Refusal | undefined;
}

/** Players and people give up after about as long. */
const WAIT_FOR_STREAM_MS = 10_000;

/** One RTMP socket and the session behind it: feeds bytes in, acts on events, writes answers out. */
export class RtmpConnection {
  readonly client: RtmpClient & { userAgent: string | null };
  readonly #socket: Socket;
  readonly #output: RtmpOutput;
  readonly #deps: RtmpConnectionDeps;
  /** Memory of messages that are not whole. */
  partialBytes = 0;
  readonly #session: ServerSession;
  readonly #log: TransportLog;
  readonly #reports: ConnectionReports;
  readonly #playbacks: RtmpPlaybacks;
  readonly #deadlines: ConnectionDeadlines;
  #connect: ConnectRequest | undefined;
  #publication: RtmpPublication | undefined;
  #handshaken = false;
  #loggedIn = false;
  #ending = false;

  constructor(socket: Socket, deps: RtmpConnectionDeps, address: string) {
    this.client = { id: newConnectionId(), address, userAgent: null };
    this.#socket = socket;
    this.#output = new RtmpOutput(socket);
    this.#deps = deps;
    this.#session = new ServerSession({ crypto: nodeCrypto, ...(deps.limits && { limits: deps.limits }) });
    this.#playbacks = new RtmpPlaybacks(() => this.#playbackHost());
    this.#log = deps.log.child({ conn: this.client.id });
    this.#reports = new ConnectionReports(this.client, this.#log, deps.observer);
    this.#deadlines = new ConnectionDeadlines(deps.timeouts, deps.hub.clock.monotonicMs());
    socket.setNoDelay(true);
    readInPlace(socket, (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#log.debug({ error: error.message }, 'socket error'));
    socket.once('end', () => socket.end());
    socket.once('close', () => this.#closed());
    this.#log.debug({ address }, 'RTMP connection opened');
    deps.observer.opened(this.client);
  }

  /** Time passes: closes what takes too long, asks the silent whether they are there. */
  passTime(monotonicMs: number): void {
    if (this.#ending) return;
    try {
      this.#tick(monotonicMs);
    } catch (error) {
      this.#fail(error);
    }
  }

  #tick(monotonicMs: number): void {
    const due = this.#deadlines.next(monotonicMs, {
      handshaken: this.#handshaken,
      publishing: this.#publication !== undefined,
      playing: this.#playbacks.size > 0,
    });
    if (due?.type === 'time-out') this.#timeOut(due.afterMs, due.limit);
    if (due?.type === 'ping') this.#session.ping(due.number);
    const hasNews = this.#session.passTime(monotonicMs);
    if (hasNews || due?.type === 'ping') this.#pump();
  }

  /** Asks a client that can to connect again: the server stops. It is served until it goes or is ended. */
  requestReconnect(): void {
    if (this.#ending) return;
    this.#session.requestReconnect({ description: refuse('draining').message });
    this.#flushOutput();
  }

  /** Says goodbye and closes: the server stops. */
  close(): void {
    this.#end();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#ending) return;
    const nowMs = this.#deps.hub.clock.monotonicMs();
    this.#deadlines.heard(nowMs);
    this.#publication?.received(bytes.length, nowMs);
    try {
      this.#session.receive(bytes, nowMs);
      this.#pump();
    } catch (error) {
      this.#fail(error);
    }
    this.#notePartialBytes(this.#session.partialBytes);
  }

  #notePartialBytes(bytes: number): void {
    if (bytes === this.partialBytes) return;
    const change = bytes - this.partialBytes;
    this.partialBytes = bytes;
    this.#deps.partialBytesChanged(change);
  }

  /** Ends a connection that holds more half-received bytes than any other, when all together hold too many. */
  endForMemory(): void {
    if (this.#ending) return;
    const text = 'half-received messages of all connections hold too much memory, most of it this one';
    this.#fail(new LimitError('too-large', 'maxPartialBytesOfAll', text));
  }

  /** Acts on everything the session saw, in order, then delivers and answers. */
  #pump(): void {
    for (let event = this.#session.nextEvent(); event && !this.#ending; event = this.#session.nextEvent()) {
      this.#act(event);
    }
    this.#publication?.flush();
    this.#flushOutput();
  }

  #act(event: SessionEvent): void {
    switch (event.type) {
      case 'media':
        this.#publication?.push(event);
        return;
      case 'handshake-done':
        this.#handshaken = true;
        this.#deps.observer.handshakeDone(event.kind);
        return;
      case 'connect-request':
        this.#onConnect(event);
        return;
      case 'publish-request':
        this.#onPublish(event).catch((error: unknown) => this.#fail(error));
        return;
      case 'play-request':
        this.#log.debug({ durationMs: event.durationMs ?? null, reset: event.reset }, 'play asked for');
        this.#deps.observer.playAsked(this.client);
        this.#playbacks
          .begin(event, this.#parseName(event.name))
          .catch((error: unknown) => this.#fail(error));
        return;
      case 'not-possible':
        this.#sayNotPossible(event);
        return;
      case 'unpublish':
        this.#unpublish();
        return;
      case 'stop-play':
      case 'pause':
      case 'receive-audio':
      case 'receive-video':
        this.#playbacks.act(event);
        return;
      case 'limit-reached':
        this.#reports.limitReached(event.limit);
        return;
      case 'note':
        this.#reports.noted(this.#stream, event);
        return;
      case 'command':
        this.#log.debug({ command: event.name, transaction: event.transactionId }, 'command');
        return;
      default:
        return;
    }
  }

  #onConnect(event: ConnectRequest): void {
    this.#connect = event;
    this.client.userAgent = event.flashVer === '' ? null : redactQuery(event.flashVer).slice(0, 256);
    const { address, userAgent } = this.client;
    this.#log.info(
      { address, app: redactQuery(event.app), userAgent, program: programName({ userAgent, encoder: null }) },
      'RTMP client connected',
    );
    const refusal = this.#deps.refuseConnect(this.client, event.app);
    if (refusal) {
      this.#session.rejectConnect(refusal.rtmpCode, refusal.message);
      this.#refused(null, refusal);
      return;
    }
    if (!this.#authenticate(event)) return;
    this.#session.acceptConnect();
    this.#log.debug(negotiatedFields(this.#session.info), 'connect granted');
    this.#deps.observer.connected(this.client);
  }

  /** Takes a publisher through the steps of its login. False: this connection ends here. */
  #authenticate(event: ConnectRequest): boolean {
    const { publishAuth, hub } = this.#deps;
    const outcome = judgeLogin(publishAuth, event, hub.clock.monotonicMs());
    this.#loggedIn = outcome.type === 'passed';
    if (outcome.type !== 'refused') return true;
    this.#session.rejectForLogin(outcome.description);
    if (outcome.step === 'failed') this.#reports.refused(null, outcome.refusal);
    else this.#log.debug({ step: outcome.step }, 'publisher login');
    this.#end();
    return false;
  }

  async #onPublish(event: PublishRequest): Promise<void> {
    const name = this.#parseName(event.name);
    const refusal = name.ok
      ? await this.#publish(event, name)
      : refuse('name-invalid', { reason: name.reason });
    if (this.#ending) return;
    if (refusal) {
      this.#session.rejectPublish(event.messageStreamId, publishRefusalCode(refusal), refusal.message);
      this.#reports.refused(name.ok ? name.name : null, refusal);
      this.#endUnlessUsed();
      if (this.#ending) return;
    }
    // Media may have come in while the decision was awaited; the session held it back.
    this.#pump();
  }

  /** What was asked for is refused, and nothing else: the connection goes on. */
  #sayNotPossible({ request, why, messageStreamId, transactionId }: NotPossible): void {
    const refusal = refuse(why);
    if (request === 'createStream') {
      this.#session.rejectCreateStream(transactionId, refusal.rtmpCode, refusal.message);
      return;
    }
    const code = request === 'publish' ? publishRefusalCode(refusal) : playRefusalCode(refusal);
    this.#session.sendStatus(messageStreamId, { level: 'error', code, description: refusal.message });
    this.#reports.refused(null, refusal);
  }

  #unpublish(): void {
    const publication = this.#publication;
    this.#publication = undefined;
    publication?.leave('unpublished');
  }

  /** Asks for leave and takes the name; undefined when it is published now. */
  async #publish(
    event: PublishRequest,
    name: { name: string; query: ReadonlyMap<string, string> },
  ): Promise<Refusal | undefined> {
    const { hub, admission, publishAuth } = this.#deps;
    if (publishAuth && !this.#loggedIn) return refuse('publish-login-needed');
    const asked = admission({ action: 'publish', stream: name.name, peer: this.#peer(), query: name.query });
    const refusal = asked instanceof Promise ? await asked : asked;
    if (refusal || this.#ending) return refusal;
    const publication = new RtmpPublication({
      session: this.#session,
      messageStreamId: event.messageStreamId,
      stream: name.name,
      isLoggedIn: this.#loggedIn,
      flush: () => this.#flushOutput(),
      close: () => this.#end(),
      fail: (error) => this.#fail(error),
    });
    const outcome = publication.begin(hub, this.#peer());
    if (outcome) return outcome;
    this.#publication = publication;
    return undefined;
  }

  #parseName(raw: string) {
    return askedName(this.#connect, raw);
  }

  #peer(): Peer {
    return { ...this.client, protocol: 'rtmp' };
  }

  #playbackHost() {
    return {
      hub: this.#deps.hub,
      waitingRoom: this.#deps.waitingRoom,
      admission: this.#deps.admission,
      session: this.#session,
      output: this.#output,
      peer: this.#peer(),
      waitForStreamMs: this.#deps.waitForStreamMs ?? WAIT_FOR_STREAM_MS,
      flush: () => this.#flushOutput(),
      flushInOrder: () => this.#flushOutput(true),
      ended: () => this.#endUnlessUsed(),
      refused: (stream: string | null, refusal: Refusal) => {
        this.#reports.refused(stream, refusal);
        this.#endUnlessUsed();
      },
    };
  }

  /** A connection may play and publish several streams: the end of one is not the end of the others. */
  #endUnlessUsed(): void {
    if (this.#publication || this.#playbacks.size > 0) this.#flushOutput(true);
    else this.#end();
  }

  #flushOutput(inOrder = false): void {
    const output = this.#session.takeOutput();
    if (!output) return;
    this.#output.reply(output, { inOrder });
    const most = this.#deps.limits?.maxPendingOutputBytes ?? defaultRtmpLimits.maxPendingOutputBytes;
    // What waits for a player is bounded by its queue, and what is left of that at the end by a deadline.
    if (this.#playbacks.size > 0 || this.#ending || this.#output.bufferedBytes <= most) return;
    this.#reports.limitReached('maxPendingOutputBytes');
    this.#socket.destroy();
  }

  #timeOut(ms: number, limit: LimitName): void {
    this.#reports.limitReached(limit);
    const refusal = refuse('timeout', { seconds: Math.round(ms / 1000) });
    this.#session.fail(publishRefusalCode(refusal), refusal.message);
    this.#refused(null, refusal);
  }

  #refused(stream: string | null, refusal: Refusal): void {
    this.#reports.refused(stream, refusal);
    this.#end();
  }

  #fail(error: unknown): void {
    const { rtmpCode, message } = this.#reports.failed(this.#stream, error);
    this.#session.fail(rtmpCode, message);
    this.#end();
  }

  /** What is published on this connection, for whoever reads about it. */
  get #stream(): string | null {
    return this.#publication?.stream ?? null;
  }

  /** Sends what is left to say and closes. Only the first call counts. */
  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#flushOutput(true);
    this.#session.close();
    this.#notePartialBytes(0);
    this.#output.end();
  }

  #closed(): void {
    this.#ending = true;
    this.#session.close();
    this.#notePartialBytes(0);
    this.#publication?.leave('dropped');
    this.#playbacks.stop();
    const { bytesRead: bytesIn, bytesWritten: bytesOut } = this.#socket;
    this.#log.debug({ bytesIn, bytesOut, ...usageFields(this.#session.info) }, 'closed');
    this.#deps.observer.closed(this.client);
  }
}
