import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { WebSocket } from 'ws';
import { FlvReader } from '../../shared/flv/flv-reader.ts';
import { type FlvTag, MAX_FLV_BODY_BYTES } from '../../shared/flv/flv-tag.ts';

interface Line {
  close(): void;
  pause(): void;
  resume(): void;
}

/** A viewer that keeps every tag, and can be waited for. */
export class FlvViewer {
  readonly tags: FlvTag[] = [];
  header: { audio: boolean; video: boolean } | undefined;
  /** Set when the stream is over. `clean`: ended in order, with the last tag whole. */
  ended: { clean: boolean; code?: number } | undefined;
  readonly #reader = new FlvReader({ maxBodyBytes: MAX_FLV_BODY_BYTES });
  readonly #waiting = new Set<() => void>();
  readonly #line: Line;

  private constructor(line: Line) {
    this.#line = line;
  }

  /** Opens a stream over HTTP. Rejects with the status when it is not 200. */
  static http(url: string, headers: Readonly<Record<string, string>> = {}): Promise<FlvViewer> {
    return new Promise((resolve, reject) => {
      const get = url.startsWith('https:') ? getSecure : getPlain;
      const options = { agent: false, rejectUnauthorized: false, headers } as const;
      const request = get(url, options, (response: IncomingMessage) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new Error(`status ${response.statusCode}`));
          return;
        }
        const viewer = new FlvViewer({
          close: () => request.destroy(),
          pause: () => response.pause(),
          resume: () => response.resume(),
        });
        response.on('data', (bytes: Buffer) => viewer.#take(bytes));
        response.on('end', () => viewer.#end({ clean: viewer.#reader.atTagBoundary }));
        response.on('error', () => viewer.#end({ clean: false }));
        resolve(viewer);
      });
      request.on('error', reject);
    });
  }

  /** Opens a stream over WebSocket. Rejects with the status when the upgrade is refused. */
  static ws(url: string, headers: Readonly<Record<string, string>> = {}): Promise<FlvViewer> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { perMessageDeflate: false, rejectUnauthorized: false, headers });
      const viewer = new FlvViewer({
        close: () => socket.terminate(),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
      });
      socket.on('open', () => resolve(viewer));
      socket.on('message', (bytes: Buffer, isBinary) => {
        if (!isBinary) throw new Error('a text message');
        viewer.#take(bytes);
      });
      socket.on('unexpected-response', (_request, response) =>
        reject(new Error(`status ${response.statusCode}`)),
      );
      socket.on('error', reject);
      socket.on('close', (code) => viewer.#end({ clean: viewer.#reader.atTagBoundary, code }));
    });
  }

  /** Resolves when `condition` holds; it is looked at after each piece that arrives. */
  until(condition: (viewer: FlvViewer) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  untilTags(count: number): Promise<void> {
    return this.until(({ tags }) => tags.length >= count);
  }

  untilEnded(): Promise<void> {
    return this.until(({ ended }) => ended !== undefined);
  }

  times(kind: FlvTag['kind']): number[] {
    return this.tags.filter((tag) => tag.kind === kind).map((tag) => tag.timestampMs);
  }

  close(): void {
    this.#line.close();
  }

  /** Reads no more until `resume`. */
  pause(): void {
    this.#line.pause();
  }

  resume(): void {
    this.#line.resume();
  }

  #take(bytes: Uint8Array): void {
    this.#reader.push(Uint8Array.from(bytes));
    for (let item = this.#reader.next(); item; item = this.#reader.next()) {
      if (item.kind === 'header') this.header = { audio: item.audio, video: item.video };
      else this.tags.push(item);
    }
    this.#wake();
  }

  #end(how: { clean: boolean; code?: number }): void {
    this.ended ??= how;
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
