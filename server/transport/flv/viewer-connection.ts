import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { rawRefusal } from '../../http/raw-refusal.ts';
import { keepAlive } from '../../http/websocket-keep-alive.ts';
import type { Container, TrackPick } from '../../hub/container.ts';
import type { Hub } from '../../hub/hub.ts';
import type { EndReason, Sink } from '../../hub/sink.ts';
import type { Peer } from '../../hub/snapshot.ts';
import { flvContainer } from '../../output/flv-container.ts';
import { relayContainer } from '../../output/relay-container.ts';
import { encodeRelayEnd } from '../../output/relay-end.ts';
import { endGently } from '../socket-writer.ts';
import { HttpFlvSink } from './http-flv-sink.ts';
import { WsFlvSink } from './ws-flv-sink.ts';

/** Somebody who was admitted, and what they are to be connected to. */
export interface ViewerTarget {
  readonly hub: Pick<Hub, 'watch'>;
  readonly stream: string;
  readonly peer: Peer;
  /** Other tracks than the default ones, if it asked for them. */
  readonly pick?: TrackPick | undefined;
}

/** Serves FLV on a socket whose request was read and that nobody else writes to any more. */
export function serveHttpViewer(socket: Socket, target: ViewerTarget): void {
  serveHttp(socket, target, flvContainer('http-flv', target.pick));
}

/** The same for another process of this server, which is told at the end why it ends. */
export function serveRelay(socket: Socket, target: ViewerTarget, secret: string): void {
  serveHttp(socket, target, relayContainer, (reason) => encodeRelayEnd(reason, secret));
}

function serveHttp(
  socket: Socket,
  target: ViewerTarget,
  container: Container,
  lastBytes?: (reason: EndReason) => Uint8Array,
): void {
  socket.setNoDelay(true);
  socket.setTimeout(0);
  const sink = new HttpFlvSink(socket, {
    endedBeforeStart: (reason) => answerRefusal(socket, refusalFor(reason, target.stream)),
    ...(lastBytes && { lastBytes }),
  });
  connectViewer(target, { sink, container, onClose: (left) => socket.once('close', left) });
}

/** Serves FLV on an open WebSocket; `socket` is the one under it. */
export function serveWebSocketViewer(webSocket: WebSocket, socket: Socket, target: ViewerTarget): void {
  socket.setNoDelay(true);
  keepAlive(webSocket);
  const sink = new WsFlvSink(webSocket, socket);
  connectViewer(target, {
    sink,
    container: flvContainer('ws-flv', target.pick),
    onClose: (left) => webSocket.once('close', left),
  });
}

function connectViewer(
  { hub, stream, peer }: ViewerTarget,
  line: { sink: Sink; container: Container; onClose(left: () => void): void },
): void {
  const viewing = hub.watch(stream, { peer, container: line.container, sink: line.sink });
  // It was live when it was admitted; getting here may have taken longer than the stream.
  if (!viewing) line.sink.end('stream-ended');
  else line.onClose(() => viewing.leave());
}

function refusalFor(reason: EndReason, stream: string): Refusal {
  if (reason === 'draining' || reason === 'overloaded') return refuse(reason);
  const isSaid = reason === 'kicked' || reason === 'nothing-to-play';
  return refuse(isSaid ? reason : 'stream-not-live', { stream });
}

/** An error response by hand: the socket was taken from the framework before the stream ended under it. */
function answerRefusal(socket: Socket, refusal: Refusal): void {
  socket.write(rawRefusal(refusal, { isPublic: true }));
  endGently(socket);
}
