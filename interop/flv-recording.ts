import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { FlvHeader } from '../shared/flv/flv-header.ts';
import { FlvReader } from '../shared/flv/flv-reader.ts';
import type { FlvTag } from '../shared/flv/flv-tag.ts';
import { until } from './until.ts';

const FLV_START_BYTES = 13;
const TAG_FRAME_BYTES = 15;

/** FLV from a viewer's response or from a player's file, cut after its last whole tag. */
export class FlvRecording {
  header: FlvHeader | undefined;
  readonly tags: FlvTag[] = [];
  /** Set when the response is over. `clean`: in order and after a whole tag. */
  ended: { readonly clean: boolean } | undefined;
  readonly #reader = new FlvReader();
  readonly #pieces: Uint8Array[] = [];
  #close = () => {};

  /** Watches over HTTP and keeps what comes. */
  static watch(url: string): Promise<FlvRecording> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: false }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new Error(`the viewer got status ${response.statusCode}`));
          return;
        }
        const recording = new FlvRecording();
        recording.#close = () => request.destroy();
        response.on('data', (bytes: Buffer) => recording.take(bytes));
        response.on('end', () => {
          recording.ended ??= { clean: recording.#reader.atTagBoundary };
        });
        response.on('error', () => {
          recording.ended ??= { clean: false };
        });
        resolve(recording);
      });
      request.on('error', reject);
    });
  }

  take(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#reader.push(bytes);
    for (let item = this.#reader.next(); item; item = this.#reader.next()) {
      if (item.kind === 'header') this.header = item;
      else this.tags.push(item);
    }
  }

  times(kind: FlvTag['kind']): number[] {
    return this.tags.filter((tag) => tag.kind === kind).map((tag) => tag.timestampMs);
  }

  /** Seconds of media so far. */
  get spanMs(): number {
    const times = this.tags.filter(({ kind }) => kind !== 'data').map((tag) => tag.timestampMs);
    return (times.at(-1) ?? 0) - (times[0] ?? 0);
  }

  async untilSpan(spanMs: number, ms = 12_000): Promise<void> {
    await until(() => this.ended || this.spanMs >= spanMs, ms, `${spanMs} ms of media`);
  }

  close(): void {
    this.#close();
  }

  /** Writes the whole tags. The last one may be cut where a player was stopped. */
  save(file: string): void {
    const wholeBytes = this.tags.reduce(
      (sum, { body }) => sum + TAG_FRAME_BYTES + body.length,
      FLV_START_BYTES,
    );
    writeFileSync(file, Buffer.concat(this.#pieces).subarray(0, wholeBytes));
  }
}
