import type { HubListener } from '../hub/hub-event.ts';
import type { HubTotals, HubView } from '../hub/hub-view.ts';
import type { SessionSnapshot, StreamSnapshot } from '../hub/snapshot.ts';
import type { WorkerReport } from './worker-message.ts';

/** What the view needs of the workers. */
export interface ReportingWorkers {
  readonly reports: readonly WorkerReport[];
  kick(id: string): boolean;
}

/** The hub of the ingest and the viewers that workers serve, seen as one. Workers' figures are up to a second old. */
export class FederatedView implements HubView {
  readonly #hub: HubView;
  readonly #workers: ReportingWorkers;
  readonly #listeners = new Set<HubListener>();

  constructor(hub: HubView, workers: ReportingWorkers) {
    this.#hub = hub;
    this.#workers = workers;
    hub.subscribeEvents((event) => this.emit(event));
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
    return here.concat(...this.#workers.reports.map(({ sessions }) => sessions));
  }

  session(id: string): SessionSnapshot | undefined {
    const here = this.#hub.session(id);
    if (here) return here;
    return this.#workers.reports.flatMap(({ sessions }) => sessions).find((session) => session.id === id);
  }

  kickStream(name: string): boolean {
    return this.#hub.kickStream(name);
  }

  kickSession(id: string): boolean {
    return this.#hub.kickSession(id) || this.#workers.kick(id);
  }

  requestReconnect(id: string): 'asked' | 'cannot' | undefined {
    return this.#hub.requestReconnect(id) ?? (this.session(id) && 'cannot');
  }

  totals(): HubTotals {
    return this.#workers.reports.reduce((sum, { totals }) => addTotals(sum, totals), this.#hub.totals());
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
    const parts = this.#workers.reports.flatMap(
      ({ streams }) => streams.find(({ name }) => name === stream.name) ?? [],
    );
    return parts.reduce(addViewers, stream);
  }
}

/** The ingest's stream with what a worker gives of it. */
function addViewers(stream: StreamSnapshot, { viewers, kbpsOut, bytesOut }: StreamSnapshot): StreamSnapshot {
  return {
    ...stream,
    kbpsOut: stream.kbpsOut + kbpsOut,
    bytesOut: stream.bytesOut + bytesOut,
    viewers: {
      total: stream.viewers.total + viewers.total,
      rtmp: stream.viewers.rtmp + viewers.rtmp,
      'http-flv': stream.viewers['http-flv'] + viewers['http-flv'],
      'ws-flv': stream.viewers['ws-flv'] + viewers['ws-flv'],
    },
  };
}

const isPublic = ({ protocol }: SessionSnapshot): boolean => protocol !== 'relay';

/** What a worker publishes and takes in is ours already; its viewers are what it adds. */
function addTotals(sum: HubTotals, worker: HubTotals): HubTotals {
  return {
    ...sum,
    viewers: {
      rtmp: sum.viewers.rtmp + worker.viewers.rtmp,
      'http-flv': sum.viewers['http-flv'] + worker.viewers['http-flv'],
      'ws-flv': sum.viewers['ws-flv'] + worker.viewers['ws-flv'],
    },
    bytesOut: sum.bytesOut + worker.bytesOut,
    viewsTotal: sum.viewsTotal + worker.viewsTotal,
    droppedVideo: sum.droppedVideo + worker.droppedVideo,
    droppedAudio: sum.droppedAudio + worker.droppedAudio,
    queuedBytes: sum.queuedBytes + worker.queuedBytes,
  };
}
