import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Edge } from './cluster/edge.ts';
import { packFigures } from './cluster/worker-ledger.ts';
import type { FromWorker, HandedViewer, ToWorker } from './cluster/worker-message.ts';
import { Hub, type HubLimits } from './hub/hub.ts';
import { tickHub } from './ops/hub-ticker.ts';
import { type LoadWatcher, watchLoad } from './ops/load-watcher.ts';
import { systemClock } from './ops/system-clock.ts';
import { serveHttpViewer, serveWebSocketViewer } from './transport/flv/viewer-connection.ts';

// A process that serves viewers and nothing else: its composition root, as app.ts is that of the server. The server hands it
// sockets of admitted viewers; it fetches each stream that they watch from there, once.

const REPORT_MS = 1_000;
const SHED_SHARE = 0.05;
/** Time for the last bytes and close frames to leave. */
const DRAIN_MS = 1_000;

interface Running {
  readonly edge: Edge;
  readonly load: LoadWatcher;
  readonly webSockets: WebSocketServer;
}

let running: Running | undefined;

process.on('message', (message, handle) => receive(message as ToWorker, handle as Socket | undefined));
// The server that started this process decides when it ends; a terminal's Ctrl+C goes to both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

function receive(message: ToWorker, socket: Socket | undefined): void {
  switch (message.type) {
    case 'init':
      running = start(message);
      tell({ type: 'ready' });
      return;
    case 'viewer':
      if (running && socket) serveGuarded(running, message, socket);
      else socket?.destroy();
      return;
    case 'kick':
      running?.edge.hub.kickSession(message.id);
      return;
    case 'drain':
      running?.edge.hub.drain();
      setTimeout(() => process.exit(0), DRAIN_MS);
      return;
  }
}

function start(init: ToWorker & { type: 'init' }): Running {
  const hub = new Hub(edgeLimits(init.limits), systemClock);
  const edge = new Edge(hub, init.origin);
  const load = watchLoad(init.maxPaceMs, (decision) => {
    hub.paceMs = decision.paceMs;
    if (decision.shed) hub.shedSlowest(SHED_SHARE);
  });
  hub.subscribeEvents((event) => {
    if (event.type === 'viewer-joined' || event.type === 'viewer-left') tell({ type: 'event', event });
  });
  tickHub(edge);
  setInterval(() => report(edge, load), REPORT_MS);
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: init.maxWebSocketMessageBytes,
    perMessageDeflate: false,
  });
  return { edge, load, webSockets };
}

/** An origin that is silent is not gone: it says so itself, and holds its viewers as long as it sees fit. */
function edgeLimits(limits: HubLimits): HubLimits {
  return { ...limits, publisherTimeoutMs: Number.POSITIVE_INFINITY };
}

/** A viewer that cannot be served costs its own connection, not this process. */
function serveGuarded(running: Running, viewer: HandedViewer, socket: Socket): void {
  try {
    serve(running, viewer, socket);
  } catch (error) {
    socket.destroy();
    tell({ type: 'fault', reason: error instanceof Error ? error.message : String(error) });
  }
}

function serve({ edge, webSockets }: Running, viewer: HandedViewer, socket: Socket): void {
  const target = { hub: edge, stream: viewer.stream, peer: viewer.peer, pick: viewer.pick };
  socket.on('error', () => socket.destroy());
  if (!viewer.upgrade) {
    // What a viewer sends after its request means nothing, but its end does.
    socket.resume();
    serveHttpViewer(socket, target);
    return;
  }
  const request = { method: 'GET', url: '/', headers: viewer.upgrade } as Parameters<
    typeof webSockets.handleUpgrade
  >[0];
  webSockets.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) =>
    serveWebSocketViewer(webSocket, socket, target),
  );
}

function report({ hub }: Edge, load: LoadWatcher): void {
  const { bytesOut, droppedVideo, droppedAudio, queuedBytes } = hub.totals();
  const { user, system } = process.cpuUsage();
  tell({
    type: 'report',
    streams: hub.streams().map(({ name, kbpsOut, bytesOut }) => ({ name, kbpsOut, bytesOut })),
    sessions: packFigures(hub.sessions().filter(({ role }) => role === 'viewer')),
    counters: { bytesOut, droppedVideo, droppedAudio },
    queuedBytes,
    load: {
      utilization: load.utilization,
      paceMs: load.decision.paceMs,
      full: load.decision.full,
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
    },
  });
}

function tell(message: FromWorker): void {
  // A server that is gone needs no news; this process ends with it.
  if (process.connected) process.send?.(message, () => {});
}
