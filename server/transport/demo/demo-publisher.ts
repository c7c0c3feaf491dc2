import { setTimeout as delay } from 'node:timers/promises';
import type { Credentials } from '../../rtmp/auth-mode.ts';
import type { TransportLog } from '../transport-log.ts';
import { type FlvLoop, publishFlvLoop } from './flv-loop-publisher.ts';

/** How long the demo waits before it publishes again after it was ended, for example by a kick. */
const RETRY_MS = 5_000;

export interface DemoOptions {
  readonly host: string;
  readonly port: number;
  readonly clipPath: string;
  /** Joined path, for example live/demo. */
  readonly streamName: string;
  /** What publishers have to give, if they have to. */
  readonly credentials?: Credentials | undefined;
  readonly log: TransportLog;
}

/** Keeps a clip on air over real RTMP, from this process to itself, until it is closed. */
export async function startDemoPublisher(options: DemoOptions): Promise<{ close(): Promise<void> }> {
  const { host, port, clipPath, streamName, credentials, log } = options;
  const slash = streamName.lastIndexOf('/');
  const target = {
    host,
    port,
    app: streamName.slice(0, slash),
    key: streamName.slice(slash + 1),
    ...(credentials && { credentials }),
  };
  const closing = new AbortController();
  let current: FlvLoop | undefined = await publishFlvLoop(clipPath, target);

  const keepOnAir = async () => {
    while (!closing.signal.aborted) {
      const ended = await current?.closed;
      current = undefined;
      if (closing.signal.aborted) return;
      log.info(
        { stream: streamName },
        `the demo was ended${ended ? ` (${ended.message})` : ''} and will return`,
      );
      try {
        await delay(RETRY_MS, undefined, { signal: closing.signal, ref: false });
        current = await publishFlvLoop(clipPath, target);
      } catch (error) {
        if (!closing.signal.aborted) log.warn({ stream: streamName }, `demo: ${(error as Error).message}`);
      }
    }
  };
  const running = keepOnAir();
  return {
    async close() {
      closing.abort();
      await current?.stop();
      await running;
    },
  };
}
