import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { encodeSharedChunks } from '../rtmp/chunk-writer.ts';
import { readAll } from '../test/rtmp-kit.ts';
import { ChunkScheduler } from './chunk-scheduler.ts';
import { chunkTable } from './chunk-table.ts';

const CHUNK = 128;

const media = (kind: 'audio' | 'video' | 'data', timestampMs: number, length: number): Uint8Array =>
  encodeSharedChunks({
    kind,
    timestampMs,
    body: Uint8Array.from({ length }, (_, i) => (i * 7 + timestampMs) & 0xff),
    messageStreamId: 1,
    chunkSize: CHUNK,
  });

/** An acknowledgement on chunk stream 2: something a session says. */
const reply = (value: number): Uint8Array =>
  Uint8Array.of(2, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, value);

function takeAll(scheduler: ChunkScheduler): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = scheduler.next(); chunk; chunk = scheduler.next()) chunks.push(chunk);
  return chunks;
}

const names: Readonly<Record<number, string>> = { 3: 'reply', 8: 'audio', 9: 'video', 18: 'data' };

/** What a receiver puts together of it. */
function received(chunks: readonly Uint8Array[]): string[] {
  const bytes = concatBytes(chunks);
  return readAll(new ChunkReader(), [bytes]).map(({ typeId, timestamp, body }) =>
    typeId === 3 ? `reply ${body[3]}` : `${names[typeId]} ${timestamp}`,
  );
}

describe('A chunk scheduler', () => {
  it('lets replies go first, then sound, between the chunks of a picture that has begun', () => {
    const scheduler = new ChunkScheduler();
    scheduler.addMedia(media('video', 1, 300), CHUNK);
    const first = scheduler.next()!;
    scheduler.addMedia(media('audio', 2, 20), CHUNK);
    scheduler.addControl(reply(9));
    const rest = takeAll(scheduler);
    assert.equal(first.length, 12 + CHUNK);
    assert.deepEqual(
      [first, ...rest].map((chunk) => chunk[0]! & 0x3f),
      [7, 2, 6, 7, 7],
    );
    assert.deepEqual(received([first, ...rest]), ['reply 9', 'audio 2', 'video 1']);
  });

  it('never makes sound wait for more than one chunk of a picture', () => {
    const scheduler = new ChunkScheduler();
    scheduler.addMedia(media('video', 0, 100 * CHUNK), CHUNK);
    for (let i = 1; i <= 40; i++) {
      scheduler.addMedia(media('audio', i, 10), CHUNK);
      const two = [scheduler.next()!, scheduler.next()!].map((chunk) => chunk[0]! & 0x3f);
      assert.ok(two.includes(6), `sound ${i}`);
    }
  });

  it('lets a picture through now and then, however much sound there is', () => {
    const scheduler = new ChunkScheduler();
    scheduler.addMedia(media('video', 0, 3 * CHUNK), CHUNK);
    for (let i = 0; i < 100; i++) scheduler.addMedia(media('audio', i, 10), CHUNK);
    const lines = received(takeAll(scheduler));
    assert.ok(lines.indexOf('video 0') < 60, `at ${lines.indexOf('video 0')}`);
    assert.equal(lines.length, 101);
  });

  it('keeps the order of data and sound', () => {
    const scheduler = new ChunkScheduler();
    const batch = [media('audio', 1, 10), media('data', 2, 300), media('audio', 3, 10), media('data', 4, 10)];
    scheduler.addMedia(concatBytes(batch), CHUNK);
    assert.deepEqual(received(takeAll(scheduler)), ['audio 1', 'data 2', 'audio 3', 'data 4']);
  });

  it('keeps a reply that ends a play behind its media, and what comes later behind the reply', () => {
    const scheduler = new ChunkScheduler();
    scheduler.addMedia(concatBytes([media('video', 1, 300), media('audio', 2, 10)]), CHUNK);
    scheduler.addControlBehind(reply(1));
    scheduler.addMedia(media('audio', 3, 10), CHUNK);
    scheduler.addControl(reply(2));
    const lines = received(takeAll(scheduler));
    assert.deepEqual(lines, ['audio 2', 'video 1', 'reply 1', 'reply 2', 'audio 3']);
  });

  it('goes on where a message was left', () => {
    const bytes = concatBytes([media('audio', 1, 10), media('video', 2, 400), media('video', 3, 10)]);
    for (const { ends } of chunkTable(bytes, CHUNK)) {
      for (const end of ends) {
        const scheduler = new ChunkScheduler();
        scheduler.addMedia(bytes, CHUNK, end);
        assert.equal(scheduler.bytes, bytes.length - end);
        const lines = received([bytes.slice(0, end), ...takeAll(scheduler)]);
        assert.deepEqual(lines, ['audio 1', 'video 2', 'video 3']);
      }
    }
  });

  it('holds nothing after clear', () => {
    const scheduler = new ChunkScheduler();
    scheduler.addMedia(media('video', 0, 300), CHUNK);
    scheduler.next();
    scheduler.clear();
    assert.equal(scheduler.bytes, 0);
    assert.equal(scheduler.next(), undefined);
  });

  it('gives every byte once, whole messages of each kind in their order, whatever is added when', () => {
    fc.assert(fc.property(fc.array(steps, { maxLength: 60 }), checkSteps));
  });
});

type Step =
  | { readonly kind: 'audio' | 'video' | 'data'; readonly length: number; readonly late: boolean }
  | 'reply'
  | 'reply-behind'
  | 'take';

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom<'audio' | 'video' | 'data'>('audio', 'video', 'data'),
    length: fc.constantFrom(0, 1, 127, 128, 129, 256, 900),
    late: fc.boolean(),
  }),
  fc.constantFrom('reply' as const, 'reply-behind' as const, 'take' as const),
);

/** Carries the steps out, then compares what a receiver gets with what was added. */
function checkSteps(run: readonly Step[]): void {
  const scheduler = new ChunkScheduler();
  const chunks: Uint8Array[] = [];
  const added: Record<string, string[]> = { reply: [], audio: [], video: [], data: [] };
  let bytes = 0;
  for (const [i, step] of run.entries()) {
    if (step === 'take') {
      const chunk = scheduler.next();
      if (chunk) chunks.push(chunk);
    } else {
      const { name, what } = addStep(scheduler, step, i);
      added[name.split(' ')[0]!]?.push(name);
      bytes += what.length;
    }
    assert.equal(scheduler.bytes, bytes - concatBytes(chunks).length);
  }
  chunks.push(...takeAll(scheduler));
  assert.equal(scheduler.bytes, 0);
  assert.equal(concatBytes(chunks).length, bytes);
  const lines = received(chunks);
  for (const [kind, expected] of Object.entries(added)) {
    assert.deepEqual(
      lines.filter((line) => line.startsWith(kind)),
      expected,
    );
  }
}

function addStep(
  scheduler: ChunkScheduler,
  step: Exclude<Step, 'take'>,
  i: number,
): { name: string; what: Uint8Array } {
  if (typeof step === 'string') {
    const what = reply(i);
    if (step === 'reply') scheduler.addControl(what);
    else scheduler.addControlBehind(what);
    return { name: `reply ${i}`, what };
  }
  const timestamp = step.late ? 0x1000000 + i : i;
  const what = media(step.kind, timestamp, step.length);
  scheduler.addMedia(what, CHUNK);
  return { name: `${step.kind} ${timestamp}`, what };
}

describe('A chunk table', () => {
  it('is made once for bytes that several players share', () => {
    const bytes = media('video', 0, 300);
    assert.equal(chunkTable(bytes, CHUNK), chunkTable(bytes, CHUNK));
  });

  it('throws for bytes that are no shared media', () => {
    assert.throws(() => chunkTable(Uint8Array.of(0xc7, 1, 2), CHUNK), /no full header/);
    assert.throws(() => chunkTable(media('video', 0, 300).subarray(0, 200), CHUNK), /inside a chunk/);
  });
});
