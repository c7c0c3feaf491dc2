import type { HubEvent } from '../hub/hub-event.ts';
import { isAudience, type PublicProtocol, type SessionSnapshot } from '../hub/snapshot.ts';
import type { WorkerCounters, WorkerReport } from './worker-message.ts';

type ViewerEvent = Extract<HubEvent, { type: 'viewer-joined' | 'viewer-left' }>;
type Counts = Record<PublicProtocol, number>;
type StreamReport = WorkerReport['streams'][number];

const noCounts = (): Counts => ({ rtmp: 0, 'http-flv': 0, 'ws-flv': 0 });

/**
 * What the first process knows of a worker, its viewers, and the workers that were in its place before. Who is there is exact, because
 * comings and goings are told at once and in order; figures are as old as the last report. Counters never fall.
 */
export class WorkerLedger {
  report: WorkerReport | undefined;
  readonly viewers = noCounts();
  viewsTotal = 0;
  readonly #sessions = new Map<string, SessionSnapshot>();
  readonly #viewersOf = new Map<string, Counts>();
  /** What workers that are gone had counted. */
  #countedBefore: WorkerCounters = { bytesOut: 0, droppedVideo: 0, droppedAudio: 0 };
  /** The same by stream, also for streams that the worker let go of. */
  readonly #sentBefore = new Map<string, number>();

  /** All that it serves. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Those of them who count as viewers. */
  get audience(): number {
    return this.viewers.rtmp + this.viewers['http-flv'] + this.viewers['ws-flv'];
  }

  get sessions(): SessionSnapshot[] {
    return [...this.#sessions.values()];
  }

  get counters(): WorkerCounters {
    const now = this.report?.counters;
    const before = this.#countedBefore;
    if (!now) return before;
    return {
      bytesOut: before.bytesOut + now.bytesOut,
      droppedVideo: before.droppedVideo + now.droppedVideo,
      droppedAudio: before.droppedAudio + now.droppedAudio,
    };
  }

  session(id: string): SessionSnapshot | undefined {
    return this.#sessions.get(id);
  }

  /** Viewers of one stream, by protocol, and what they are and were sent. */
  ofStream(name: string): { viewers: Readonly<Counts>; kbpsOut: number; bytesOut: number } {
    const { kbpsOut = 0, bytesOut = 0 } = this.#reportOf(name) ?? {};
    return {
      viewers: this.#viewersOf.get(name) ?? noCounts(),
      kbpsOut,
      bytesOut: bytesOut + (this.#sentBefore.get(name) ?? 0),
    };
  }

  takeEvent({ type, session }: ViewerEvent): void {
    if (type === 'viewer-joined') {
      if (isAudience(session)) this.viewsTotal++;
      this.#sessions.set(session.id, session);
      this.#count(session, 1);
    } else if (this.#sessions.delete(session.id)) {
      this.#count(session, -1);
    }
  }

  takeReport(report: WorkerReport): void {
    const before = this.report?.streams ?? [];
    this.report = report;
    for (const stream of before) {
      // It let go of it, and may have begun anew since.
      if ((this.#reportOf(stream.name)?.bytesOut ?? -1) < stream.bytesOut) this.#keepSent(stream);
    }
    const { ids, figures } = report.sessions;
    ids.forEach((id, index) => {
      const session = this.#sessions.get(id);
      if (session) this.#sessions.set(id, { ...session, ...figuresAt(figures, index) });
    });
  }

  /** The worker is gone, and another one will take its place. Gives the viewers that it had. */
  bury(): SessionSnapshot[] {
    const lost = this.sessions;
    for (const session of lost) this.#count(session, -1);
    this.#sessions.clear();
    this.#countedBefore = this.counters;
    for (const stream of this.report?.streams ?? []) this.#keepSent(stream);
    this.report = undefined;
    return lost;
  }

  /** The stream is over: what comes under this name next starts from nothing. */
  forget(stream: string): void {
    this.#sentBefore.delete(stream);
  }

  #reportOf(name: string): StreamReport | undefined {
    return this.report?.streams.find((stream) => stream.name === name);
  }

  #keepSent({ name, bytesOut }: StreamReport): void {
    this.#sentBefore.set(name, (this.#sentBefore.get(name) ?? 0) + bytesOut);
  }

  #count(session: SessionSnapshot, by: 1 | -1): void {
    const { stream, protocol } = session;
    if (protocol === 'relay' || !isAudience(session)) return;
    this.viewers[protocol] += by;
    const counts = this.#viewersOf.get(stream) ?? noCounts();
    counts[protocol] += by;
    if (counts.rtmp + counts['http-flv'] + counts['ws-flv'] > 0) this.#viewersOf.set(stream, counts);
    else this.#viewersOf.delete(stream);
  }
}

const FIGURES = ['bytesOut', 'queuedBytes', 'droppedVideo', 'droppedAudio'] as const;
type Figures = Pick<SessionSnapshot, (typeof FIGURES)[number]>;

/** The figures of many sessions in one array: as objects, those of some thousand viewers would hold up the process that takes streams in. */
export function packFigures(sessions: readonly SessionSnapshot[]): WorkerReport['sessions'] {
  const figures = new Float64Array(sessions.length * FIGURES.length);
  let at = 0;
  for (const session of sessions) for (const name of FIGURES) figures[at++] = session[name];
  return { ids: sessions.map(({ id }) => id), figures };
}

function figuresAt(figures: Float64Array, index: number): Figures {
  const [bytesOut = 0, queuedBytes = 0, droppedVideo = 0, droppedAudio = 0] = figures.subarray(
    index * FIGURES.length,
    (index + 1) * FIGURES.length,
  );
  return { bytesOut, queuedBytes, droppedVideo, droppedAudio };
}
