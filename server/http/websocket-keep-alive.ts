import type { WebSocket } from 'ws';

/** Browsers answer pings by themselves; two that stay without answer are a dead line. */
const PING_EVERY_MS = 20_000;
/** Pages say nothing, and programs ping every few seconds. Each ping is answered, so a flood of them would fill our memory. */
const MAX_HEARD = 200;

/** Pings the peer, and ends the connection when it has missed two, or talks too much. Whatever goes wrong closes it and nothing else. */
export function keepAlive(webSocket: WebSocket): void {
  let missed = 0;
  let heard = 0;
  const timer = setInterval(() => {
    if (missed >= 2) {
      webSocket.terminate();
      return;
    }
    missed++;
    heard = 0;
    webSocket.ping();
  }, PING_EVERY_MS);
  timer.unref();
  const hear = () => {
    heard++;
    if (heard > MAX_HEARD) webSocket.terminate();
  };
  webSocket.on('ping', hear);
  webSocket.on('message', hear);
  webSocket.on('pong', () => {
    missed = 0;
    hear();
  });
  webSocket.on('error', () => webSocket.terminate());
  webSocket.once('close', () => clearInterval(timer));
}
