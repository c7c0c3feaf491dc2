import type { TrackPick } from '../hub/container.ts';
import type { HubLimits } from '../hub/hub.ts';
import type { HubEvent } from '../hub/hub-event.ts';
import type { HubTotals } from '../hub/hub-view.ts';
import type { Peer, StreamSnapshot } from '../hub/snapshot.ts';
import type { Origin } from './origin-pull.ts';

/** A viewer whose request was read and admitted; its socket travels with the message. */
export interface HandedViewer {
  readonly type: 'viewer';
  readonly stream: string;
  readonly peer: Peer;
  /** Other tracks than the default ones, if it asked for them. */
  readonly pick: TrackPick | undefined;
  /** The headers of an upgrade request, which the worker answers; undefined for plain HTTP. */
  readonly upgrade: Readonly<Record<string, string>> | undefined;
}

/** What the owner of the ingest tells a delivery worker. */
export type ToWorker =
  | {
      readonly type: 'init';
      readonly limits: HubLimits;
      readonly origin: Origin;
      readonly maxPaceMs: number;
      readonly maxWebSocketMessageBytes: number;
    }
  | HandedViewer
  | { readonly type: 'kick'; readonly id: string }
  | { readonly type: 'drain' };

/** Counters of a worker that only grow. */
export type WorkerCounters = Pick<HubTotals, 'bytesOut' | 'droppedVideo' | 'droppedAudio'>;

/** What a worker reports, once a second. */
export interface WorkerReport {
  readonly type: 'report';
  readonly streams: readonly Pick<StreamSnapshot, 'name' | 'kbpsOut' | 'bytesOut'>[];
  /** Figures of its viewers, four a session: `packFigures`. */
  readonly sessions: { readonly ids: readonly string[]; readonly figures: Float64Array };
  readonly counters: WorkerCounters;
  readonly queuedBytes: number;
  readonly load: WorkerLoad;
}

/** How busy a worker is, what it does about it, and what it costs the machine. */
export interface WorkerLoad {
  /** Share of its time that it is busy, 0 to 1. */
  readonly utilization: number;
  readonly paceMs: number;
  readonly full: boolean;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/** What a worker tells. Viewers' comings and goings are told at once, for the log. */
export type FromWorker =
  | { readonly type: 'ready' }
  /** A viewer could not be served, by a mistake of ours. */
  | { readonly type: 'fault'; readonly reason: string }
  | WorkerReport
  | { readonly type: 'event'; readonly event: HubEvent & { type: 'viewer-joined' | 'viewer-left' } };
