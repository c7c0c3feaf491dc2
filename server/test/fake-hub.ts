import type { HubEvent, HubListener } from '../hub/hub-event.ts';
import type { HubTotals, HubView } from '../hub/hub-view.ts';
import type { SessionSnapshot, StreamSnapshot } from '../hub/snapshot.ts';

/** A hub filled by hand, for tests of what only looks at hubs. */
export class FakeHub implements HubView {
  readonly streamMap = new Map<string, StreamSnapshot>();
  readonly sessionMap = new Map<string, SessionSnapshot>();
  readonly kicked: string[] = [];
  /** Sessions that understand a request to reconnect, and those that got one. */
  readonly reconnecting = new Set<string>();
  readonly asked: string[] = [];
  readonly listeners = new Set<HubListener>();
  totalsNow: HubTotals = { ...noTotals };

  streams(): StreamSnapshot[] {
    return [...this.streamMap.values()];
  }

  stream(name: string): StreamSnapshot | undefined {
    return this.streamMap.get(name);
  }

  sessions(): SessionSnapshot[] {
    return [...this.sessionMap.values()];
  }

  session(id: string): SessionSnapshot | undefined {
    return this.sessionMap.get(id);
  }

  kickStream(name: string): boolean {
    if (!this.streamMap.delete(name)) return false;
    this.kicked.push(name);
    return true;
  }

  kickSession(id: string): boolean {
    if (!this.sessionMap.delete(id)) return false;
    this.kicked.push(id);
    return true;
  }

  requestReconnect(id: string): 'asked' | 'cannot' | undefined {
    if (!this.sessionMap.has(id)) return undefined;
    if (!this.reconnecting.has(id)) return 'cannot';
    this.asked.push(id);
    return 'asked';
  }

  totals(): HubTotals {
    return this.totalsNow;
  }

  subscribeEvents(listener: HubListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Puts a stream on air and says so. */
  publish(stream: StreamSnapshot): void {
    this.streamMap.set(stream.name, stream);
    this.emit({ type: 'published', stream: stream.name, session: stream.publisher ?? aSession() });
  }

  /** Takes a stream off air and says so. */
  end(name: string): void {
    this.streamMap.delete(name);
    this.emit({ type: 'ended', stream: name, reason: 'the publisher stopped' });
  }

  emit(event: HubEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

const noTotals: HubTotals = {
  streams: 0,
  publishers: 0,
  viewers: { rtmp: 0, 'http-flv': 0, 'ws-flv': 0 },
  bytesIn: 0,
  bytesOut: 0,
  packetsIn: 0,
  publishesTotal: 0,
  viewsTotal: 0,
  droppedVideo: 0,
  droppedAudio: 0,
  queuedBytes: 0,
};

/** A publisher of live/main over RTMP, but for `changes`. */
export function aSession(changes: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    id: 'c-1',
    protocol: 'rtmp',
    address: '10.0.0.7',
    userAgent: 'FMLE/3.0 (compatible; FMSc/1.0)',
    role: 'publisher',
    stream: 'live/main',
    sinceMs: Date.UTC(2026, 0, 1, 12),
    bytesIn: 1000,
    bytesOut: 200,
    queuedBytes: 0,
    droppedVideo: 0,
    droppedAudio: 0,
    canReconnect: false,
    encoder: null,
    ...changes,
  };
}

/** A healthy live/main, but for `changes`. */
export function aStream(changes: Partial<StreamSnapshot> = {}): StreamSnapshot {
  const name = changes.name ?? 'live/main';
  return {
    name,
    state: 'live',
    startedAtMs: Date.UTC(2026, 0, 1, 12),
    publisher: aSession({ stream: name }),
    video: {
      codec: 'avc',
      codecString: 'avc1.64002a',
      profile: 'High',
      level: '4.2',
      width: 1920,
      height: 1080,
    },
    audio: { codec: 'aac', codecString: 'mp4a.40.2', profile: 'LC', sampleRate: 48_000, channels: 2 },
    tracks: [],
    frameRate: 60,
    keyframeIntervalMs: 2000,
    kbpsIn: 6100.5,
    kbpsOut: 12_200,
    bytesIn: 1000,
    bytesOut: 2000,
    gopCacheBytes: 500,
    viewers: { total: 3, rtmp: 0, 'http-flv': 1, 'ws-flv': 2 },
    warnings: [],
    ...changes,
  };
}
