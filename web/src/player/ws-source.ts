import { ByteSource, type ByteSourceListener } from './byte-source.ts';
import type { SourceEnd } from './player-state.ts';

/** The server names its reason; the codes of RFC 6455 7.4.1 serve where something between left the name out. */
const endsByReason: Readonly<Record<string, SourceEnd>> = {
  'stream-ended': 'ended',
  'tracks-changed': 'tracks-changed',
  kicked: 'kicked',
  draining: 'draining',
};
const endsByCode: Readonly<Record<number, SourceEnd>> = {
  1000: 'clean',
  1005: 'clean',
  1008: 'kicked',
  1012: 'draining',
};

/** Media over a WebSocket: does not use up one of the six connections that a browser allows a host. */
export function openWebSocketSource(url: string, listener: ByteSourceListener): ByteSource {
  const source = new ByteSource(listener, () => performance.now());
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = (event) => {
    if (event.data instanceof ArrayBuffer) source.push(event.data);
  };
  socket.onclose = (event) => {
    source.finish(endsByReason[event.reason] ?? endsByCode[event.code] ?? 'dropped');
  };
  source.onCancel(() => {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  });
  return source;
}
