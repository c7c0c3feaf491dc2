import type { HubListener } from '../hub/hub-event.ts';
import type { HubTotals, HubView } from '../hub/hub-view.ts';
import type { PublicProtocol, SessionSnapshot, StreamSnapshot } from '../hub/snapshot.ts';
import type { WorkerLedger } from './worker-ledger.ts';

/** What the view needs of the workers. */
export interface ReportingWorkers {
  readonly ledgers: readonly WorkerLedger[];
  forget(stream: string): void;
  kick(id: string): boolean;
}

/** The hub of the ingest and the viewers that workers serve, seen as one. Who watches is exact, workers' figures are up to a second old. */
export class FederatedView implements HubView {
  readonly #hub: HubView;
  readonly #workers: ReportingWorkers;
  readonly #listeners = new Set<HubListener>();
  readonly #onKick: (session: SessionSnapshot) => void;

  /** `onKick` is told of each session that the operator ends, before it is ended. */
  constructor(
    hub: HubView,
    workers: ReportingWorkers,
    onKick: (session: SessionSnapshot) => void = () => {},
  ) {
    this.#hub = hub;
    this.#workers = workers;
    this.#onKick = onKick;
    hub.subscribeEvents((event) => {
      this.emit(event);
      if (event.type === 'ended') workers.forget(event.stream);
    });
  }

  streams(): StreamSnapshot[] {
    return this.#hub.streams().map((stream) => this.#withWorkers(stream));
  }

  stream(name: string): StreamSnapshot | undefined {
    const stream = this.#hub.stream(name);
    return stream && this.#withWorkers(stream);
  }

  sessions(): SessionSnapshot[] {
    const here = this.#hub.sessions().filter(isPublic);
    return here.concat(...this.#workers.ledgers.map(({ sessions }) => sessions));
  }

  session(id: string): SessionSnapshot | undefined {
    const here = this.#hub.session(id);
    if (here) return here;
    for (const ledger of this.#workers.ledgers) {
      const session = ledger.session(id);
      if (session) return session;
    }
    return undefined;
  }

  kickStream(name: string): boolean {
    return this.#hub.kickStream(name);
  }

  kickSession(id: string): boolean {
    const session = this.session(id);
    if (!session) return false;
    // Before it is ended: it may ask again at once.
    this.#onKick(session);
    return this.#hub.kickSession(id) || this.#workers.kick(id);
  }

  requestReconnect(id: string): 'asked' | 'cannot' | undefined {
    return this.#hub.requestReconnect(id) ?? (this.session(id) && 'cannot');
  }

  totals(): HubTotals {
    return this.#workers.ledgers.reduce(addWorker, this.#hub.totals());
  }

  subscribeEvents(listener: HubListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** News of a worker, or of the hub. */
  emit: HubListener = (event) => {
    for (const listener of this.#listeners) listener(event);
  };

  #withWorkers(stream: StreamSnapshot): StreamSnapshot {
    return this.#workers.ledgers.reduce(addViewers, stream);
  }
}

/** The ingest's stream with what a worker gives of it. */
function addViewers(stream: StreamSnapshot, ledger: WorkerLedger): StreamSnapshot {
  const of = ledger.ofStream(stream.name);
  const viewers = addCounts(stream.viewers, of.viewers);
  return {
    ...stream,
    kbpsOut: stream.kbpsOut + of.kbpsOut,
    bytesOut: stream.bytesOut + of.bytesOut,
    viewers: { ...viewers, total: viewers.rtmp + viewers['http-flv'] + viewers['ws-flv'] },
  };
}

const isPublic = ({ protocol }: SessionSnapshot): boolean => protocol !== 'relay';

/** What a worker publishes and takes in is ours already; its viewers are what it adds. */
function addWorker(sum: HubTotals, { report, viewers, viewsTotal, counters }: WorkerLedger): HubTotals {
  return {
    ...sum,
    viewers: addCounts(sum.viewers, viewers),
    bytesOut: sum.bytesOut + counters.bytesOut,
    viewsTotal: sum.viewsTotal + viewsTotal,
    droppedVideo: sum.droppedVideo + counters.droppedVideo,
    droppedAudio: sum.droppedAudio + counters.droppedAudio,
    queuedBytes: sum.queuedBytes + (report?.queuedBytes ?? 0),
  };
}

type Counts = Readonly<Record<PublicProtocol, number>>;

const addCounts = (one: Counts, other: Counts): Counts => ({
  rtmp: one.rtmp + other.rtmp,
  'http-flv': one['http-flv'] + other['http-flv'],
  'ws-flv': one['ws-flv'] + other['ws-flv'],
});
