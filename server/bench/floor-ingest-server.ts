import { createServer, type Socket } from 'node:net';
import { amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ChunkWriter, chunkStreamId } from '../rtmp/chunk-writer.ts';
import { decodeCommand, encodeCommand } from '../rtmp/command.ts';
import { HANDSHAKE_BYTES } from '../rtmp/handshake.ts';
import { messageType } from '../rtmp/message.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { listenAndSay } from './listen-and-say.ts';
import { MediaCheck } from './media-check.ts';

// The least that a Node process can do to take RTMP streams in: it says yes to everything and follows the chunks.
// No message is put together, nothing is kept. It is what ingest is compared with.

const BACKLOG = 1024;
const PACKET = 1536;
const load = { nowUs: 0, measuring: false, latency: new LatencyHistogram() };

process.on('SIGTERM', () => process.exit(0));
listenAndSay(createServer({ noDelay: true }, serve), BACKLOG);

function serve(socket: Socket): void {
  let received = 0;
  const scanner = new ChunkScanner(new MediaCheck(load, 0, false), (typeId, lead) => {
    if (typeId === messageType.commandAmf0) answer(socket, lead);
  });
  socket.on('error', () => {});
  socket.on('data', (bytes: Uint8Array) => {
    const before = received;
    received += bytes.length;
    if (before < 1 + PACKET && received >= 1 + PACKET) socket.write(serverGreeting);
    if (received <= HANDSHAKE_BYTES) return;
    const error = scanner.push(bytes, Math.max(0, HANDSHAKE_BYTES - before), bytes.length);
    if (error !== undefined) socket.destroy();
  });
}

/** S0, S1 and S2. */
const serverGreeting = Uint8Array.from({ length: HANDSHAKE_BYTES }, (_, i) => (i === 0 ? 3 : 0));

function answer(socket: Socket, lead: Uint8Array): void {
  const typeId = messageType.commandAmf0;
  const command = decodeCommand({ typeId, timestamp: 0, messageStreamId: 0, chunkStreamId: 3, body: lead });
  const id = command?.transactionId ?? 0;
  if (command?.name === 'connect') send(socket, encodeCommand('_result', id, null, null));
  else if (command?.name === 'createStream') send(socket, encodeCommand('_result', id, null, 1));
  else if (command?.name === 'publish') {
    const status = amfObject({ level: 'status', code: 'NetStream.Publish.Start', description: '' });
    send(socket, encodeCommand('onStatus', 0, null, status));
  }
}

function send(socket: Socket, body: Uint8Array): void {
  const out = new ByteWriter();
  const message = { chunkStreamId: chunkStreamId.connection, typeId: messageType.commandAmf0, timestamp: 0 };
  new ChunkWriter().write(out, { ...message, messageStreamId: 0, body });
  socket.write(out.finish());
}
