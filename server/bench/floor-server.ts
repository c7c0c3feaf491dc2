import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { listenAndSay } from './listen-and-say.ts';
import { oneStream, type SyntheticMessage, SyntheticStream, syntheticHeaders } from './synthetic-stream.ts';

// The least that a Node process can do to serve FLV over HTTP: one source inside, one shared array per flush, one
// write per viewer. No RTMP, no routing, no cache, no policy but a bound. It is what a gateway is compared with.

const BACKLOG = 4096;
const MAX_QUEUE_BYTES = 8 * 1024 * 1024;
const head = 'HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\nConnection: close\r\n\r\n';

const { values } = parseArgs({ options: { flush: { type: 'string', default: 'frame' } } });
const perFrame = values.flush === 'frame';
const viewers = new Set<Socket>();
const stream = new SyntheticStream(oneStream);
const opening = concatBytes([
  encodeFlvHeader({ audio: true, video: true }),
  encodeFlvTags(syntheticHeaders()),
]);
const startMs = performance.now();
let pending: Uint8Array[] = [];

pump();
if (!perFrame) setInterval(flush, Number(values.flush));
process.on('SIGTERM', () => process.exit(0));
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('close', () => viewers.delete(socket));
  socket.once('data', () => {
    socket.resume();
    socket.write(head);
    socket.write(opening);
    viewers.add(socket);
  });
});
listenAndSay(server, BACKLOG);

function pump(): void {
  while (stream.nextDueMs <= performance.now() - startMs) take(stream.next());
  setTimeout(pump, Math.max(1, Math.floor(stream.nextDueMs - (performance.now() - startMs))));
}

function take(message: SyntheticMessage): void {
  pending.push(encodeFlvTags([message]));
  if (perFrame && message.kind === 'video') flush();
}

function flush(): void {
  if (pending.length === 0) return;
  const bytes = pending.length === 1 ? pending[0]! : concatBytes(pending);
  pending = [];
  for (const socket of viewers) if (socket.writableLength < MAX_QUEUE_BYTES) socket.write(bytes);
}
