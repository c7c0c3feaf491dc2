import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { AuthCrypto } from '../rtmp/auth-mode.ts';
import type { HandshakeCrypto } from '../rtmp/handshake.ts';

/** What the RTMP handshake and publisher authentication need of a crypto library, from Node. */
export const nodeCrypto: HandshakeCrypto & AuthCrypto = {
  randomBytes: (length) => randomBytes(length),
  md5: (data) => createHash('md5').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
};
