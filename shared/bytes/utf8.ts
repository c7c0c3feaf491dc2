// Node and every browser have these two; the language library that pure code compiles against does not name them.
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Text of UTF-8 bytes; invalid sequences become U+FFFD, never an exception. */
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

/** UTF-8 bytes of a text. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);
