import { createHmac, randomBytes } from 'node:crypto';
import type { HandshakeCrypto } from '../rtmp/handshake.ts';

/** What the RTMP handshake needs of a crypto library, from Node. */
export const nodeCrypto: HandshakeCrypto = {
  randomBytes: (length) => randomBytes(length),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};
