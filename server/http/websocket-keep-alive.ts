import type { WebSocket } from 'ws';

/** Browsers answer pings by themselves; two that stay without answer are a dead line. */
const PING_EVERY_MS = 20_000;

/** Pings the peer, and ends the connection when it has missed two. Whatever goes wrong closes it and nothing else. */
export function keepAlive(webSocket: WebSocket): void {
  let missed = 0;
  const timer = setInterval(() => {
    if (missed >= 2) {
      webSocket.terminate();
      return;
    }
    missed++;
    webSocket.ping();
  }, PING_EVERY_MS);
  timer.unref();
  webSocket.on('pong', () => {
    missed = 0;
  });
  webSocket.on('error', () => webSocket.terminate());
  webSocket.once('close', () => clearInterval(timer));
}
