import type { AmfObject } from '../../shared/amf/amf-value.ts';
import type { ControlMessage } from './control-message.ts';
import type { EnhancedCapabilities } from './enhanced-capabilities.ts';
import type { HandshakeKind } from './handshake.ts';
import type { LimitName } from './limits.ts';
import type { SessionNote } from './session-note.ts';

/** What a client asks for with connect. `app` and `tcUrl` may hold a secret after their `?`: redact before logging. */
export interface ConnectRequest {
  readonly type: 'connect-request';
  readonly app: string;
  readonly tcUrl: string;
  readonly flashVer: string;
  readonly swfUrl: string;
  readonly pageUrl: string;
  /** 0 (AMF0) or 3. */
  readonly objectEncoding: number;
  /** `undefined` when the client showed nothing of Enhanced RTMP. */
  readonly capabilities: EnhancedCapabilities | undefined;
  /** Everything that the client said, for whoever negotiates more. */
  readonly properties: AmfObject;
}

/** Answer with `acceptPublish` or `rejectPublish`, now or later. `name` is raw: what follows its `?` is a secret. */
export interface PublishRequest {
  readonly type: 'publish-request';
  readonly messageStreamId: number;
  readonly name: string;
  /** `live`, `record`, `append`; `live` when the client does not say. */
  readonly publishType: string;
}

/** Answer with `acceptPlay` or `rejectPlay`, now or later. `name` is raw: what follows its `?` is a secret. */
export interface PlayRequest {
  readonly type: 'play-request';
  readonly messageStreamId: number;
  readonly name: string;
  /** For how long; `undefined`: to the end. */
  readonly durationMs: number | undefined;
  readonly reset: boolean;
}

/**
 * What cannot be, whatever the application thinks of it. Say so: to a publish or play with `sendStatus`, to a createStream with
 * `rejectCreateStream`.
 */
export interface NotPossible {
  readonly type: 'not-possible';
  readonly request: 'publish' | 'play' | 'createStream';
  readonly why: 'publishes-already' | 'too-many-streams' | 'stream-is-published';
  readonly messageStreamId: number;
  readonly transactionId: number;
}

/** An audio, video or data message of an accepted publish (server) or play (client). */
export interface MediaEvent {
  readonly type: 'media';
  readonly kind: 'audio' | 'video' | 'data';
  /** Unsigned 32 bits, as sent. */
  readonly timestamp: number;
  /** As sent (a data message may begin with `@setDataFrame`). Valid until the next event is asked for: copy what is kept. */
  readonly body: Uint8Array;
  readonly messageStreamId: number;
}

/** What a server session saw its client do. */
export type SessionEvent =
  | { readonly type: 'handshake-done'; readonly kind: HandshakeKind }
  | ConnectRequest
  | PublishRequest
  | PlayRequest
  | NotPossible
  | MediaEvent
  | SessionNote
  | {
      readonly type: 'unpublish';
      readonly messageStreamId: number;
      readonly reason: 'FCUnpublish' | 'deleteStream' | 'closeStream';
    }
  | {
      readonly type: 'stop-play';
      readonly messageStreamId: number;
      readonly reason: 'deleteStream' | 'closeStream' | 'play';
    }
  | { readonly type: 'pause'; readonly messageStreamId: number; readonly paused: boolean }
  | { readonly type: 'receive-audio'; readonly messageStreamId: number; readonly wanted: boolean }
  | { readonly type: 'receive-video'; readonly messageStreamId: number; readonly wanted: boolean }
  | { readonly type: 'buffer-length'; readonly messageStreamId: number; readonly bufferLengthMs: number }
  | { readonly type: 'pong'; readonly timestampMs: number }
  | { readonly type: 'ack'; readonly bytes: number }
  /** Every command, before the event that it leads to; also those that are only answered politely or ignored. */
  | {
      readonly type: 'command';
      readonly name: string;
      readonly transactionId: number;
      readonly messageStreamId: number;
    }
  /** A control message that has taken effect. Acknowledgements come as `ack`. */
  | { readonly type: 'control'; readonly message: ControlMessage }
  | { readonly type: 'user-control'; readonly event: number; readonly value: number }
  /** What went over a limit was refused or left out. Limits that end the connection come as an error. */
  | { readonly type: 'limit-reached'; readonly limit: LimitName }
  /** A shared object (types 16 and 19) was asked for or written to. There are none here; it was ignored. */
  | { readonly type: 'shared-object'; readonly name: string }
  /** The first message of a type that nothing here understands; it was ignored. */
  | { readonly type: 'unknown-message'; readonly typeId: number };
