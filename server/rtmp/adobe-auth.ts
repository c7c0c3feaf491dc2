// "authmod=adobe", the publisher login of Flash Media Server. No specification exists.
//
//   h = base64(md5(user + salt + password))    response = base64(md5(h + opaque + the client's own challenge))

import { toBase64 } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import type { AuthCrypto, AuthMode, Credentials } from './auth-mode.ts';

/** OBS, FFmpeg, rtmp2sink and hardware encoders know it. */
export const adobeAuth: AuthMode = {
  name: 'adobe',
  tokenKey: 'opaque',
  // librtmp takes the last value to the end of the text: nothing may follow it. `challenge` is for clients that do
  // not know `opaque`, and nobody looks at it beside one; but it has to be there.
  challenge: (token, salt) => `salt=${salt}&challenge=${token}&opaque=${token}`,
  expected({ credentials, query, salt }, crypto) {
    const opaque = query.get('opaque') ?? '';
    return [adobeResponse(credentials, { salt, opaque }, query.get('challenge') ?? '', crypto)];
  },
  answer({ credentials, query }, crypto) {
    const opaque = query.get('opaque') ?? '';
    const challenge = { salt: query.get('salt') ?? '', opaque: opaque || (query.get('challenge') ?? '') };
    const own = toHex(crypto.randomBytes(4));
    const response = adobeResponse(credentials, challenge, own, crypto);
    return `challenge=${own}&response=${response}&opaque=${opaque}`;
  },
};

/** The answer to a challenge. */
export function adobeResponse(
  { user, password }: Credentials,
  { salt, opaque }: { readonly salt: string; readonly opaque: string },
  clientChallenge: string,
  crypto: AuthCrypto,
): string {
  const hash = (text: string): string => toBase64(crypto.md5(encodeUtf8(text)));
  return hash(hash(user + salt + password) + opaque + clientChallenge);
}
