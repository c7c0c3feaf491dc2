import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { ChunkWriter, chunkStreamId, encodeSharedChunks } from '../rtmp/chunk-writer.ts';
import { encodeControlMessage } from '../rtmp/control-message.ts';
import { defaultRtmpLimits } from '../rtmp/limits.ts';
import { type Bench, interleave, type Scenario } from './bench.ts';
import { medianOf, ratio } from './statistics.ts';
import { oneStream, type SyntheticMessage, SyntheticStream } from './synthetic-stream.ts';
import { formatFigure, formatRatio, type Table } from './table.ts';

const CHUNK_SIZES = [128, 4096, 65536];
/** What a socket gives in one read, at most. */
const PIECE_BYTES = 64 * 1024;
const MEDIA_MS = 4000;

interface Task {
  readonly name: string;
  /** Does the work once and gives the bytes of media that went through. */
  readonly once: () => number;
}

interface TaskRun {
  readonly name: string;
  readonly megabytesPerSecond: number;
}

/** The chunk reader and writer alone, in this process, beside a plain copy of the same bytes. */
export const chunks: Scenario = {
  name: 'chunks',
  run: async (bench) => {
    const messages = someSeconds();
    const tasks = [copyTask(messages), ...CHUNK_SIZES.flatMap((size) => tasksFor(messages, size))];
    const results = await interleave(bench, tasks, async (task) => measure(bench, task));
    return { tables: [chunkTable(tasks, results)], runs: [...results.values()].flat() };
  },
};

/** The frames of one made-up stream, kept. */
function someSeconds(): SyntheticMessage[] {
  const stream = new SyntheticStream(oneStream);
  const messages: SyntheticMessage[] = [];
  while (stream.nextDueMs < MEDIA_MS) {
    const message = stream.next();
    messages.push({ ...message, body: message.body.slice() });
  }
  return messages;
}

const mediaBytes = (messages: readonly SyntheticMessage[]): number =>
  messages.reduce((total, { body }) => total + body.length, 0);

function copyTask(messages: readonly SyntheticMessage[]): Task {
  const total = mediaBytes(messages);
  const into = new Uint8Array(total);
  return {
    name: 'copy of the bodies into one array',
    once: () => {
      let at = 0;
      for (const { body } of messages) {
        into.set(body, at);
        at += body.length;
      }
      return total;
    },
  };
}

function tasksFor(messages: readonly SyntheticMessage[], chunkSize: number): Task[] {
  const total = mediaBytes(messages);
  const wire = encode(messages, chunkSize);
  return [
    {
      name: `reader, chunks of ${chunkSize}`,
      once: () => {
        const reader = new ChunkReader(defaultRtmpLimits);
        let read = 0;
        for (let at = 0; at < wire.length; at += PIECE_BYTES) {
          reader.feed(wire.subarray(at, at + PIECE_BYTES));
          for (let message = reader.next(); message; message = reader.next()) read += message.body.length;
        }
        if (read < total) throw new Error('the reader lost something');
        return total;
      },
    },
    {
      name: `writer, chunks of ${chunkSize}`,
      once: () => {
        encode(messages, chunkSize);
        return total;
      },
    },
    {
      name: `shared writer, chunks of ${chunkSize}`,
      once: () => {
        for (const message of messages) encodeSharedChunks({ ...message, messageStreamId: 1, chunkSize });
        return total;
      },
    },
  ];
}

/** As a publisher sends them; each frame's bytes are taken before the next, as a socket would. */
function encode(messages: readonly SyntheticMessage[], chunkSize: number): Uint8Array {
  const writer = new ChunkWriter();
  const out = new ByteWriter(mediaBytes(messages) * 1.1);
  const { typeId, body } = encodeControlMessage({ name: 'set-chunk-size', size: chunkSize });
  writer.write(out, { chunkStreamId: chunkStreamId.control, typeId, timestamp: 0, messageStreamId: 0, body });
  writer.chunkSize = chunkSize;
  for (const message of messages) {
    writer.write(out, {
      chunkStreamId: chunkStreamId[message.kind],
      typeId: message.kind === 'video' ? 9 : 8,
      timestamp: message.timestampMs,
      messageStreamId: 1,
      body: message.body,
    });
  }
  return out.finish();
}

function measure({ options }: Bench, { name, once }: Task): TaskRun {
  const untilMs = Math.min(1000, options.seconds * 200);
  // Once more than is counted: the first round is compiled while it runs.
  once();
  once();
  let bytes = 0;
  const startMs = performance.now();
  while (performance.now() - startMs < untilMs) bytes += once();
  return { name, megabytesPerSecond: bytes / 1e3 / (performance.now() - startMs) };
}

function chunkTable(tasks: readonly Task[], results: ReadonlyMap<Task, readonly TaskRun[]>): Table {
  const speed = (task: Task) => medianOf(results.get(task) ?? [], (run) => run.megabytesPerSecond);
  return {
    title: 'Chunks of one 2.5 Mbps stream, in memory',
    columns: ['what', 'MB/s', 'to a copy'],
    rows: tasks.map((task) => [
      task.name,
      formatFigure(speed(task), 0),
      formatRatio(ratio(speed(task), speed(tasks[0]!))),
    ]),
  };
}
