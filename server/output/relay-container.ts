import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import { flvTagsBytes, writeFlvTags } from '../../shared/flv/flv-writer.ts';
import type { Container } from '../hub/container.ts';

/**
 * FLV between our own processes: every packet as it is, also what a browser's player could not take, and through every
 * change of tracks. Who pulls it has a hub of its own, which decides anew for its viewers.
 */
export const relayContainer: Container = {
  id: 'relay',
  protocol: 'relay',
  tracksAreFixed: false,
  encode(packets, timeBaseMs, opening) {
    const head = opening ? encodeFlvHeader(opening) : new Uint8Array(0);
    const bytes = new Uint8Array(head.length + flvTagsBytes(packets));
    bytes.set(head);
    writeFlvTags(bytes, head.length, packets, timeBaseMs);
    return bytes;
  },
};
