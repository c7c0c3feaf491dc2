import { parentPort, workerData } from 'node:worker_threads';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import type { PublisherFigures, PublisherWorkerData } from './publisher-load.ts';
import { SyntheticStream, syntheticHeaders } from './synthetic-stream.ts';

// A thread that publishes made-up streams in real time over real sockets, with our own client session.

interface Publication {
  readonly client: RtmpPublisherClient;
  readonly stream: SyntheticStream;
  readonly startMs: number;
}

const { target, streams, options } = workerData as PublisherWorkerData;
const publications: Publication[] = [];
let bytes = 0;
let mostBuffered = 0;
let closed = 0;
let stopping = false;

await open();
let timer = setTimeout(pump, 1);
parentPort?.on('message', (message: 'begin' | 'end' | 'stop') => {
  if (message === 'begin') {
    bytes = 0;
    mostBuffered = 0;
  } else if (message === 'end') {
    parentPort?.postMessage({ bytes, mostBuffered, closed } satisfies PublisherFigures);
  } else {
    stop();
  }
});
parentPort?.postMessage('opened');

async function open(): Promise<void> {
  const [app = '', ...names] = [target.app, ...streams];
  for (const key of names) {
    const client = await RtmpPublisherClient.open({ host: target.host, port: target.port, app, key });
    for (const { kind, timestampMs, body } of syntheticHeaders()) client.send(kind, timestampMs, body);
    client.flush();
    void client.closed.then(() => {
      if (!stopping) closed++;
    });
    // Spread over one frame's time: encoders do not beat in step.
    const startMs = performance.now() + ((publications.length / names.length) * 1000) / options.fps;
    publications.push({ client, stream: new SyntheticStream(options), startMs });
  }
}

function pump(): void {
  const nowMs = performance.now();
  for (const publication of publications) sendDue(publication, nowMs);
  timer = setTimeout(pump, 1);
}

function sendDue({ client, stream, startMs }: Publication, nowMs: number): void {
  if (!client.open || stream.nextDueMs > nowMs - startMs) return;
  while (stream.nextDueMs <= nowMs - startMs) {
    const { kind, timestampMs, body } = stream.next();
    client.send(kind, timestampMs, body);
    bytes += body.length;
  }
  client.flush();
  mostBuffered = Math.max(mostBuffered, client.bufferedBytes);
}

function stop(): void {
  stopping = true;
  clearTimeout(timer);
  void Promise.all(publications.map(({ client }) => client.cut())).then(() => parentPort?.close());
}
