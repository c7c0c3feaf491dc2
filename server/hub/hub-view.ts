import type { HubListener } from './hub-event.ts';
import type { SessionSnapshot, StreamSnapshot } from './snapshot.ts';

/** What the API, the metrics and the live feed may see and do: the hub implements it. */
export interface HubView {
  streams(): StreamSnapshot[];
  stream(name: string): StreamSnapshot | undefined;
  sessions(): SessionSnapshot[];
  session(id: string): SessionSnapshot | undefined;
  /** Ends the publisher of a stream and its viewers. False: no such stream. */
  kickStream(name: string): boolean;
  /** Ends one publisher or viewer. False: no such session. */
  kickSession(id: string): boolean;
  /** Asks a publisher to connect again. `cannot`: it is a viewer, or it would not understand. Undefined: no such session. */
  requestReconnect(id: string): 'asked' | 'cannot' | undefined;
  /** Totals since the process started, for metrics; unlike a stream's own figures they outlive it. */
  totals(): HubTotals;
  /** Calls `listener` for each event until the returned function is called. */
  subscribeEvents(listener: HubListener): () => void;
}

/** Counters and gauges of the whole process. */
export interface HubTotals {
  readonly streams: number;
  readonly publishers: number;
  readonly viewers: Readonly<Record<'rtmp' | 'http-flv' | 'ws-flv', number>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly publishesTotal: number;
  readonly viewsTotal: number;
  readonly droppedVideo: number;
  readonly droppedAudio: number;
  readonly queuedBytes: number;
}
