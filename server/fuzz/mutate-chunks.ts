import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { goldenVectors } from '../../shared/testing/golden.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { ChunkWriter } from '../rtmp/chunk-writer.ts';
import { encodeControlMessage } from '../rtmp/control-message.ts';
import { copyMessage, type RtmpMessage } from '../rtmp/message.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

/** The messages of a captured connection, without its handshake. */
export function messagesOf(chunks: Uint8Array): RtmpMessage[] {
  const reader = new ChunkReader();
  reader.feed(chunks);
  const messages: RtmpMessage[] = [];
  for (let message = reader.next(); message; message = reader.next()) messages.push(copyMessage(message));
  return messages;
}

/** Bodies of every codec and wrapping. */
const golden = goldenVectors<{ kind: 'audio' | 'video' | 'data' }>('flv/bodies.json').map(
  ({ bytes, expected }) => ({ kind: expected.kind, body: bytes }),
);

/** The same connection with what captures lack: other codecs, Enhanced RTMP, aggregates, commands of AMF3. */
export function withRareForms(messages: readonly RtmpMessage[], random: Random): RtmpMessage[] {
  const pool = Array.from({ length: 1 + random.below(5) }, () => random.pick(golden));
  return messages.map((message) => {
    const { typeId, timestamp, body } = message;
    if (typeId === 20 && random.chance(3))
      return { ...message, typeId: 17, body: concatBytes([noFormat, body]) };
    const kind = typeId === 8 ? 'audio' : typeId === 9 ? 'video' : undefined;
    const fitting = pool.filter((item) => item.kind === kind);
    if (kind === undefined || fitting.length === 0) return message;
    if (!random.chance(10)) return { ...message, body: random.pick(fitting).body };
    const tags = fitting.map((item, i) => ({ ...item, timestampMs: timestamp + 10 * i }));
    return { ...message, typeId: 22, body: encodeFlvTags(tags) };
  });
}

/** The byte before the values of an AMF3 command. */
const noFormat = Uint8Array.of(0);

/**
 * The messages with some of them damaged, repeated, left out or in other places, in well-formed chunks of changing size:
 * damage that a change of single bytes does not get to, because it breaks the chunks around it.
 */
export function mutateMessages(messages: readonly RtmpMessage[], random: Random): Uint8Array {
  const bodies = messages.map(({ body }) => body);
  const list = [...messages];
  for (let left = random.below(6); left > 0 && list.length > 0; left--) rearrange(list, random);
  const out = new ByteWriter();
  const writer = new ChunkWriter();
  const rate = random.pick([1, 3, 10, 40]);
  for (const message of list) {
    if (message.typeId === 1) continue;
    if (random.chance(12))
      setChunkSize(out, writer, random.pick([1, 2, 127, 128, 129, 4096, 60_000, 65_536]));
    writer.write(out, random.chance(rate) ? damage(message, random, bodies) : message);
  }
  return out.finish();
}

function rearrange(list: RtmpMessage[], random: Random): void {
  const at = random.below(list.length);
  const [message] = random.chance(2) ? list.splice(at, 1) : [list[at]];
  if (message && !random.chance(3)) list.splice(random.below(list.length + 1), 0, message);
}

function damage(message: RtmpMessage, random: Random, bodies: readonly Uint8Array[]): RtmpMessage {
  switch (random.below(5)) {
    case 0:
      return { ...message, typeId: random.pick([1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 17, 18, 19, 20, 22, 99]) };
    case 1:
      return {
        ...message,
        timestamp: random.pick([0, 0xfffffe, 0xffffff, 0x1000000, 0x7fffffff, 0xffffffff]),
      };
    case 2:
      return { ...message, messageStreamId: random.pick([0, 1, 2, 7, 0xffffffff]) };
    case 3:
      return { ...message, chunkStreamId: random.pick([2, 3, 4, 63, 64, 319, 320, 65_599]) };
    default:
      return { ...message, body: mutate(message.body, random, bodies) };
  }
}

function setChunkSize(out: ByteWriter, writer: ChunkWriter, size: number): void {
  const { typeId, body } = encodeControlMessage({ name: 'set-chunk-size', size });
  writer.write(out, { chunkStreamId: 2, typeId, timestamp: 0, messageStreamId: 0, body });
  writer.chunkSize = size;
}
