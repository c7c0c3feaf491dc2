import { amfObject } from '../../shared/amf/amf-value.ts';
import { capsEx } from './enhanced-capabilities.ts';
import { sendConnectError, sendConnectSuccess } from './server-connect.ts';
import { type NetStream, type ServerContext, statusObject } from './server-context.ts';
import { sendPlayComplete, sendPlayEnd, sendPlayStart } from './server-play.ts';
import { endPublish, sendPublishStart } from './server-publish.ts';
import { type Status, statusCode } from './status-code.ts';
import { userControlEvent } from './user-control.ts';

/**
 * What the application says to the client of a server session: its answers to connect, publish and play, the end of what was granted,
 * and news. Each answer says whether the question was still open.
 */
export class ServerAnswers {
  protected readonly context: ServerContext;

  constructor(context: ServerContext) {
    this.context = context;
  }

  /** Grants the connect. */
  acceptConnect(): boolean {
    if (this.context.connection !== 'connect-pending') return false;
    this.context.connection = 'connected';
    sendConnectSuccess(this.context);
    return true;
  }

  /** Refuses the connect; nothing more is taken from the client. Flush, then close. */
  rejectConnect(code: string, description: string): boolean {
    if (this.context.connection !== 'connect-pending') return false;
    // OBS keeps the reason of an _error to itself; of a failed stream it shows it.
    this.sendStatus(0, { level: 'error', code: statusCode.streamFailed, description });
    this.context.connection = 'refused';
    sendConnectError(this.context, code, description);
    return true;
  }

  /** Refuses the connect with a step of a login, which clients look for in the _error. */
  rejectForLogin(description: string): boolean {
    if (this.context.connection !== 'connect-pending') return false;
    this.context.connection = 'refused';
    sendConnectError(this.context, statusCode.connectRejected, description);
    return true;
  }

  /** Grants a publish: sends Publish.Start, and from now on media of this message stream comes out. */
  acceptPublish(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'publish-pending');
    if (stream === undefined) return false;
    stream.state = 'publishing';
    this.context.hasPublished = true;
    this.context.dropped.publishStarted();
    sendPublishStart(this.context, stream);
    return true;
  }

  /** Refuses a publish with an error status. The client may ask again, but encoders expect a close after it. */
  rejectPublish(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'publish-pending');
    if (stream === undefined) return false;
    endPublish(this.context, stream);
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Ends an accepted publish from our side (kick, takeover, drain) with an error status. Flush, then close. */
  endPublish(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'publishing');
    if (stream === undefined) return false;
    endPublish(this.context, stream);
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Grants a play: StreamBegin, Play.Reset if it was asked for, Play.Start. Media may follow at once. */
  acceptPlay(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'play-pending');
    if (stream === undefined) return false;
    stream.state = 'playing';
    sendPlayStart(this.context, stream);
    return true;
  }

  /** Refuses a play with an error status. */
  rejectPlay(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'play-pending');
    if (stream === undefined) return false;
    stream.state = 'idle';
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Ends an accepted play because its stream is over: UnpublishNotify, StreamEOF, Play.Stop. */
  endPlay(messageStreamId: number, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    sendPlayEnd(this.context, stream, description);
    return true;
  }

  /** Ends an accepted play that lasted as long as was asked for: StreamEOF, Play.Stop. */
  completePlay(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    sendPlayComplete(this.context, stream);
    return true;
  }

  /** Ends an accepted play with an error status. */
  failPlay(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Tells a player that nothing comes for now: the publisher's line dropped. */
  sendStreamDry(messageStreamId: number): void {
    this.context.wire.sendUserControl({ event: userControlEvent.streamDry, value: messageStreamId });
  }

  /** Refuses a createStream. */
  rejectCreateStream(transactionId: number, code: string, description: string): void {
    const status = statusObject({ level: 'error', code, description });
    this.context.wire.sendCommand(0, '_error', transactionId, null, status);
  }

  /** Any other status, for example Play.PublishNotify or Play.InsufficientBW. */
  sendStatus(messageStreamId: number, status: Status): void {
    this.context.sendStatus(messageStreamId, status);
  }

  /** Whether the client said that it understands a request to connect again. */
  get canReconnect(): boolean {
    const { connection, connectRequest } = this.context;
    return (
      connection === 'connected' && ((connectRequest?.capabilities?.capsEx ?? 0) & capsEx.reconnect) !== 0
    );
  }

  /**
   * Asks the client to connect again, to `tcUrl` or where it is now, and leaves the choice of the moment to it: serve it
   * until it goes. False, and nothing sent, for a client that did not say it would understand (capsEx bit 0).
   */
  requestReconnect(request: { readonly tcUrl?: string; readonly description: string }): boolean {
    if (!this.canReconnect) return false;
    const code = statusCode.connectReconnectRequest;
    this.context.wire.sendCommand(0, 'onStatus', 0, null, amfObject({ level: 'status', code, ...request }));
    return true;
  }

  /** Asks the client for a sign of life; it comes as a `pong` with the same number. */
  ping(timestampMs: number): void {
    this.context.wire.sendUserControl({ event: userControlEvent.pingRequest, value: timestampMs >>> 0 });
  }

  /**
   * Says why the connection is about to be closed, in the form that fits its state: an `_error` for a connect without
   * answer, else an error status on the stream in use. Says nothing when the client cannot have understood yet.
   */
  fail(code: string, description: string): void {
    const { context } = this;
    if (context.connection === 'connect-pending') {
      this.rejectConnect(statusCode.connectRejected, description);
    } else if (context.connection === 'connected') {
      const inUse = context.publisher ?? context.inUse[0];
      this.sendStatus(inUse?.id ?? 0, { level: 'error', code, description });
      if (context.publisher !== undefined) endPublish(context, context.publisher);
      context.connection = 'refused';
    }
  }

  #stream(id: number, state: NetStream['state']): NetStream | undefined {
    const stream = this.context.streams.get(id);
    return stream?.state === state ? stream : undefined;
  }
}
