import { bytesEqual } from '../../shared/bytes/bytes-equal.ts';
import type { MediaPacket, PacketKind } from '../../shared/media/media-packet.ts';

/** A stream has two; with 16 tracks of each kind and three headers a track there would be 96. */
const MAX_HEADERS = 100;
/** A parameter set or codec record takes some hundred bytes. Past this, headers are relayed and not kept. */
const MAX_BYTES = 1024 * 1024;

const order = { data: 0, video: 1, audio: 2 } as const;

/** `same`: it was here already. `full`: there is no room to keep it. */
export type KeepOutcome = 'new' | 'replaced' | 'same' | 'full';

/** The latest metadata, and the latest header of each kind, track and packet type: what a new viewer is sent first. */
export class HeaderCache {
  readonly #kept = new Map<number, MediaPacket>();
  #bytes = 0;
  #all: readonly MediaPacket[] = [];
  #video: readonly MediaPacket[] = [];

  /** Metadata first, then video, then audio, each with track 0 first: the order every player accepts. Changes are a new array. */
  get all(): readonly MediaPacket[] {
    return this.#all;
  }

  /** Those of the pictures alone. */
  get video(): readonly MediaPacket[] {
    return this.#video;
  }

  /** Keeps a header in the place of the one before it of its kind, track and packet type. */
  keep(packet: MediaPacket, trackId = 0, packetType = 0): KeepOutcome {
    const key = (order[packet.kind] << 12) | (trackId << 4) | packetType;
    const old = this.#kept.get(key);
    if (old && bytesEqual(old.body, packet.body)) return 'same';
    const bytes = this.#bytes - (old?.body.length ?? 0) + packet.body.length;
    if (trackId === 0) {
      // The default tracks always find room, but not for what is no header at all.
      if (packet.body.length > MAX_BYTES) return 'full';
    } else if ((!old && this.#kept.size >= MAX_HEADERS) || bytes > MAX_BYTES) return 'full';
    this.#bytes = bytes;
    this.#kept.set(key, packet);
    this.#changed();
    return old ? 'replaced' : 'new';
  }

  /** Forgets the metadata, or the headers of the default track of a kind. */
  forget(kind: PacketKind): void {
    for (const [key, { body }] of this.#kept) {
      if (key >> 12 !== order[kind] || ((key >> 4) & 0xff) !== 0) continue;
      this.#bytes -= body.length;
      this.#kept.delete(key);
    }
    this.#changed();
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
    this.#changed();
  }

  #changed(): void {
    this.#all = [...this.#kept].sort(([a], [b]) => a - b).map(([, packet]) => packet);
    this.#video = this.#all.filter(({ kind }) => kind === 'video');
  }
}
