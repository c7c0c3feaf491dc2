import type { TestContext } from 'node:test';
import type { ManualClock } from '../../shared/testing/manual-clock.ts';
import type { Hub } from '../hub/hub.ts';
import { RtmpListener, type RtmpListenerOptions } from '../transport/listener/rtmp-listener.ts';
import type { TransportLog } from '../transport/transport-log.ts';
import { HubHarness, testLimits } from './hub-harness.ts';

const quiet: TransportLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => quiet,
};

export interface Listening {
  readonly hub: Hub;
  readonly clock: ManualClock;
  readonly listener: RtmpListener;
  readonly port: number;
  /** Codes of refusals and protocol errors, as the observer was told. */
  readonly told: string[];
}

/** An RTMP listener on a free port with a hub on a manual clock, closed when the test ends. */
export async function startListener(
  test: TestContext,
  { onOpened, ...options }: Partial<RtmpListenerOptions> & { onOpened?(): void } = {},
): Promise<Listening> {
  const { hub, clock } = new HubHarness({ ...testLimits, publisherTimeoutMs: 1_000_000 });
  const told: string[] = [];
  const listener = new RtmpListener({
    hub,
    admission: () => undefined,
    observer: {
      opened: () => onOpened?.(),
      closed: () => {},
      handshakeDone: () => {},
      playAsked: () => {},
      connected: () => {},
      refused: (_client, _stream, refusal) => told.push(refusal.code),
      limitReached: (_client, limit) => told.push(limit),
      noted: (_client, _stream, note) => told.push(note.code),
      failed: (_client, _stream, fault) => told.push(fault.code),
    },
    log: quiet,
    timeouts: { handshakeMs: 10_000, idleMs: 30_000, pingMs: 90_000 },
    ...options,
  });
  test.after(() => listener.close());
  return { hub, clock, listener, told, port: await listener.listen({ port: 0, host: '127.0.0.1' }) };
}
