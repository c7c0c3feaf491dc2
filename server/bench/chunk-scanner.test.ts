import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { everySplit } from '../../shared/testing/every-split.ts';
import { ChunkWriter, chunkStreamId, encodeSharedChunks } from '../rtmp/chunk-writer.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { MediaCheck } from './media-check.ts';
import { type SyntheticMessage, SyntheticStream } from './synthetic-stream.ts';

function someFrames(count: number): SyntheticMessage[] {
  const stream = new SyntheticStream({ videoKbps: 16, fps: 30, gop: 4, audioKbps: 16 });
  return Array.from({ length: count }, () => {
    const message = stream.next();
    return { ...message, body: message.body.slice() };
  });
}

function scan(parts: readonly Uint8Array[]) {
  const load = { nowUs: 1, measuring: true, latency: new LatencyHistogram() };
  const check = new MediaCheck(load, 0);
  const others: string[] = [];
  const scanner = new ChunkScanner(check, (typeId, lead) =>
    others.push(`${typeId} ${Buffer.from(lead).toString('latin1')}`),
  );
  let error: string | undefined;
  for (const part of parts) error ??= scanner.push(part, 0, part.length);
  return { check, scanner, others, error, latencies: load.latency.total };
}

test('messages with compressed headers are followed, however they are cut', () => {
  const frames = someFrames(10);
  const writer = new ChunkWriter();
  const out = new ByteWriter();
  for (const { kind, timestampMs, body } of frames) {
    const typeId = kind === 'video' ? 9 : 8;
    writer.write(out, {
      chunkStreamId: chunkStreamId[kind],
      typeId,
      timestamp: timestampMs,
      messageStreamId: 1,
      body,
    });
  }
  everySplit(out.finish(), (parts) => {
    const { check, scanner, error, latencies } = scan(parts);
    assert.equal(error, undefined);
    assert.equal(scanner.messages, frames.length);
    assert.equal(check.gaps, 0);
    assert.equal(check.regressions, 0);
    assert.equal(latencies, frames.filter(({ kind }) => kind === 'video').length);
  });
});

test('extended timestamps are repeated behind the header of each continuation', () => {
  const bytes = concatBytes(
    someFrames(6).map((frame) =>
      encodeSharedChunks({
        ...frame,
        timestampMs: 0xffffff + frame.timestampMs,
        messageStreamId: 1,
        chunkSize: 32,
      }),
    ),
  );
  const shrink = fromHex('02 000000 000004 01 00000000 00000020');
  everySplit(concatBytes([shrink, bytes]), (parts) => {
    const { check, scanner, error } = scan(parts);
    assert.equal(error, undefined);
    assert.equal(scanner.messages, 6);
    assert.equal(check.gaps + check.regressions, 0);
  });
});

test('chunks of two messages that take turns are told apart', () => {
  const [video, audio] = ['video', 'audio'].map(
    (kind) => someFrames(6).find((frame) => frame.kind === kind)!,
  );
  const encoded = (frame: SyntheticMessage) =>
    encodeSharedChunks({ ...frame, messageStreamId: 1, chunkSize: 128 });
  const whole = encoded(video!);
  const firstChunk = 12 + 128;
  const { scanner, latencies, error } = scan([
    whole.subarray(0, firstChunk),
    encoded(audio!),
    whole.subarray(firstChunk),
  ]);
  assert.ok(whole.length > firstChunk);
  assert.equal(error, undefined);
  assert.equal(scanner.messages, 2);
  assert.equal(latencies, 1);
});

test('commands and control messages are handed out with what they begin with', () => {
  const { others } = scan([
    fromHex('03 000000 000003 14 00000000 616263'),
    fromHex('02 000000 000001 05 00000000 7a'),
  ]);
  assert.deepEqual(others, ['20 abc', '5 z']);
});

test('bytes that are no chunks are said to be wrong', () => {
  assert.match(scan([fromHex('c6')]).error ?? '', /begins with a header of type 3/);
  assert.match(scan([fromHex('03 000000 000003 00 00000000')]).error ?? '', /type 0/);
});
