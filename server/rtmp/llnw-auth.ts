// "authmod=llnw", the publisher login of the Limelight network: HTTP's digest (RFC 2617) with a fixed realm and method.
//
//   h1 = hex(md5(user:live:password))    h2 = hex(md5(publish:/app/_definst_))
//   response = hex(md5(h1:nonce:nc:cnonce:auth:h2))

import { toHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import type { AuthCrypto, AuthMode, AuthQuery, Credentials } from './auth-mode.ts';

const FIRST_USE = '00000001';

/**
 * librtmp and FFmpeg know it. librtmp as Debian builds it (with GnuTLS) can do only this one: in the other mode it
 * forgets the end of its base64 texts and writes past its memory.
 */
export const llnwAuth: AuthMode = {
  name: 'llnw',
  tokenKey: 'nonce',
  challenge: (token) => `nonce=${token}`,
  // FFmpeg takes the app with its query into the hash, librtmp without.
  expected({ credentials, app, query }, crypto) {
    return [app, app.split('?', 1)[0] ?? ''].map((hashed) =>
      llnwResponse(credentials, hashed, query, crypto),
    );
  },
  answer({ credentials, app, query }, crypto) {
    const nonce = query.get('nonce') ?? '';
    const cnonce = toHex(crypto.randomBytes(4));
    const pairs = new Map([
      ['nonce', nonce],
      ['cnonce', cnonce],
      ['nc', FIRST_USE],
    ]);
    const response = llnwResponse(credentials, app.split('?', 1)[0] ?? '', pairs, crypto);
    return `nonce=${nonce}&cnonce=${cnonce}&nc=${FIRST_USE}&response=${response}`;
  },
};

/** The answer to a challenge, from the pairs that are sent along with it. */
export function llnwResponse(
  { user, password }: Credentials,
  app: string,
  query: AuthQuery,
  crypto: AuthCrypto,
): string {
  const hash = (...parts: string[]): string => toHex(crypto.md5(encodeUtf8(parts.join(':'))));
  const instance = app.includes('/') ? app : `${app}/_definst_`;
  const part = (key: string): string => query.get(key) ?? '';
  const h1 = hash(user, 'live', password);
  const h2 = hash('publish', `/${instance}`);
  return hash(h1, part('nonce'), part('nc'), part('cnonce'), 'auth', h2);
}
