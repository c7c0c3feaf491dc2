/** What logins need of a crypto library. */
export interface AuthCrypto {
  md5(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  randomBytes(length: number): Uint8Array;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Pairs behind the `?` of an app or of a description. */
export type AuthQuery = ReadonlyMap<string, string>;

/** One way in which encoders answer a challenge. Neither ever sends the password itself. */
export interface AuthMode {
  /** Its name behind `authmod=`. */
  readonly name: 'adobe' | 'llnw';
  /** The pair in which the client brings the challenge back as it was. */
  readonly tokenKey: 'opaque' | 'nonce';
  /** What the challenge says behind the user's name. */
  challenge(token: string, salt: string): string;
  /** The responses that count as right; `app` is without the login. More than one where clients disagree. */
  expected(given: Answered, crypto: AuthCrypto): readonly string[];
  /** The client's side: the pairs that answer a challenge. */
  answer(asked: Asked, crypto: AuthCrypto): string;
}

export interface Answered {
  readonly credentials: Credentials;
  readonly app: string;
  readonly query: AuthQuery;
  readonly salt: string;
}

export interface Asked {
  readonly credentials: Credentials;
  readonly app: string;
  /** The pairs of the server's challenge. */
  readonly query: AuthQuery;
}
