import { type AmfValue, amfObject } from '../../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../../shared/bytes/concat.ts';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts';
import { ChunkWriter } from '../../rtmp/chunk-writer.ts';
import { encodeCommand } from '../../rtmp/command.ts';
import { HANDSHAKE } from '../rtmp-kit.ts';

/** Is in all media that nobody may ever see. */
export const FOREIGN = encodeUtf8('FOREIGN');

export const text = (length: number): string => 'a'.repeat(length);

export const many = (count: number, make: (index: number) => Uint8Array): Uint8Array =>
  concatBytes(Array.from({ length: count }, (_, i) => make(i)));

/** A message in chunks that depend on nothing before them. */
export function message(
  typeId: number,
  body: Uint8Array | string,
  { csid = 3, msid = 0, timestamp = 0 } = {},
): Uint8Array {
  const out = new ByteWriter();
  new ChunkWriter().write(out, {
    typeId,
    chunkStreamId: csid,
    messageStreamId: msid,
    timestamp,
    body: typeof body === 'string' ? fromHex(body) : body,
  });
  return out.finish();
}

/** A message of types 1 to 6. */
export const control = (typeId: number, body: Uint8Array | string): Uint8Array =>
  message(typeId, body, { csid: 2 });

export const command = (messageStreamId: number, name: string, ...values: AmfValue[]): Uint8Array => {
  const [object = null, ...args] = values;
  return message(20, encodeCommand(name, 5, object, ...args), { msid: messageStreamId });
};

export const handshake = (): Uint8Array => {
  const bytes = new Uint8Array(HANDSHAKE);
  bytes[0] = 3;
  return bytes;
};

export const connect = (properties: Readonly<Record<string, AmfValue>> = {}): Uint8Array =>
  command(0, 'connect', amfObject({ app: 'live', tcUrl: 'rtmp://h/live', ...properties }));

/** Handshake, connect and a message stream, said in one go. */
export const connected = (): Uint8Array => concatBytes([handshake(), connect(), command(0, 'createStream')]);

export const foreign = (typeId: number, msid: number): Uint8Array =>
  message(typeId, concatBytes([fromHex(typeId === 9 ? '2701000000' : 'af01'), FOREIGN]), { msid, csid: 6 });
