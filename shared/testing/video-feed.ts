import type { MediaFlaw } from '../media/media-flaw.ts';
import type { PacketRole } from '../media/media-packet.ts';
import { newPacketHead, readVideoHead } from '../media/packet-head.ts';
import { VideoReader } from '../media/video-reader.ts';
import { detached } from './detached.ts';

/** What a packet was found to be, in memory of its own. */
export interface Read {
  readonly role: PacketRole;
  /** As viewers get it, with the mark that it has to have; undefined for nothing. */
  readonly body: Uint8Array | undefined;
  readonly header: Uint8Array | undefined;
  /** What was noted of this packet. */
  readonly flaws: readonly MediaFlaw[];
}

/** A `VideoReader` with what it says kept. */
export class VideoFeed {
  readonly reader = new VideoReader((flaw) => this.#flaws.push(flaw));
  readonly #head = newPacketHead();
  #flaws: MediaFlaw[] = [];

  read(packet: Uint8Array): Read {
    this.#flaws = [];
    const body = detached(packet);
    readVideoHead(body, this.#head);
    // As `PacketIntake` does: what is neither a header nor a frame is not for a reader.
    if (this.#head.content === 'other') return { role: 'other', body, header: undefined, flaws: [] };
    const reading = this.reader.read(body, this.#head);
    const given = reading.body?.slice();
    if (given && reading.role !== 'other' && given.length > 0) given[0] = reading.firstByte;
    const read = { role: reading.role, body: given, header: reading.header?.slice(), flaws: this.#flaws };
    // The body was lent: its memory is used for the next message.
    body.fill(0xa5);
    return read;
  }

  /** Reads all of them. */
  all(packets: readonly Uint8Array[]): Read[] {
    return packets.map((packet) => this.read(packet));
  }
}
