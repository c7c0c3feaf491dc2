import type { PictureTail, TailPolicy } from './picture-tail.ts';
import type { BufferKind } from './source-tap.ts';

/** Pictures and sound this far behind the playhead are let go, down to `keepSeconds`. */
const trimAfterSeconds = 30;
const keepSeconds = 15;
const unitsPerSecond = 1000;

export interface MediaBuffersOptions {
  readonly video: HTMLVideoElement;
  readonly tail: PictureTail;
  /** How the newest picture is to be kept up at this moment, after so many pictures. */
  readonly policyAt: (count: number) => TailPolicy;
  readonly onFailed: (message: string) => void;
}

/** The source buffers of one engine, with the page between the engine and them. */
export class MediaBuffers {
  readonly #options: MediaBuffersOptions;
  readonly #buffers = new Map<BufferKind, SourceBuffer>();
  #appendVideo: ((bytes: Uint8Array<ArrayBuffer>) => void) | null = null;
  #waiting: (() => void)[] = [];
  #readsAnew = false;
  #closed = false;

  constructor(options: MediaBuffersOptions) {
    this.#options = options;
  }

  add(kind: BufferKind, buffer: SourceBuffer): void {
    this.#buffers.set(kind, buffer);
    // Before the engine's listeners, so that what waits here is appended before what waits there.
    if (kind === 'video') this.#takeOver(buffer);
    this.#silenceAfterClose(buffer);
  }

  /** No other picture comes. */
  hold(): void {
    const buffer = this.#buffers.get('video');
    if (buffer === undefined) return;
    const { tail, policyAt } = this.#options;
    const parts = tail.hold(policyAt(tail.count));
    this.#readsAnew = tail.takeReadAnew() || this.#readsAnew;
    this.#waiting.push(...parts.map((part) => () => this.#append(part)));
    this.#goOn(buffer);
  }

  /** Lets go of what was played long ago. Pictures are cut before a keyframe: without theirs the ones on screen would go, too. */
  trim(): void {
    const { video, tail } = this.#options;
    for (const [kind, buffer] of this.#buffers) {
      if (buffer.updating || this.#closed || buffer.buffered.length === 0) continue;
      if (video.currentTime - buffer.buffered.start(0) < trimAfterSeconds) continue;
      const before = video.currentTime - keepSeconds;
      if (kind === 'audio') {
        buffer.remove(0, before);
        continue;
      }
      const sync = tail.syncBefore(before);
      if (sync === undefined || sync / unitsPerSecond <= buffer.buffered.start(0)) continue;
      buffer.remove(0, sync / unitsPerSecond);
      tail.forgetBefore(sync);
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#buffers.clear();
  }

  #takeOver(buffer: SourceBuffer): void {
    const append = buffer.appendBuffer.bind(buffer);
    this.#appendVideo = append;
    buffer.addEventListener('updateend', () => this.#goOn(buffer));
    buffer.appendBuffer = (data) => {
      const bytes =
        data instanceof ArrayBuffer
          ? new Uint8Array(data)
          : new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
      const { tail, policyAt } = this.#options;
      const farSeconds = tail.farSeconds;
      const parts = tail.replace(bytes, policyAt);
      if (farSeconds !== null) this.#waiting = [() => buffer.remove(farSeconds, Number.POSITIVE_INFINITY)];
      this.#readsAnew = tail.takeReadAnew() || this.#readsAnew;
      this.#waiting.push(...parts.map((part) => () => this.#append(part)));
      const next = this.#waiting.shift();
      // The first goes at once, and throws what the engine expects to be thrown.
      next?.();
    };
  }

  #append(part: Uint8Array<ArrayBuffer>): void {
    this.#appendVideo?.(part);
  }

  #goOn(buffer: SourceBuffer): void {
    if (this.#closed || buffer.updating) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#readAnew();
      return;
    }
    try {
      next();
    } catch (error) {
      this.#options.onFailed(error instanceof Error ? error.message : String(error));
    }
  }

  /** A browser that read past what has come since reads anew after a seek to where it is. */
  #readAnew(): void {
    if (!this.#readsAnew) return;
    this.#readsAnew = false;
    const { video } = this.#options;
    if (!video.seeking) video.currentTime += 0;
  }

  /** flv.js leaves listeners behind when the browser closed the MediaSource first, and they then reach into what is gone. */
  #silenceAfterClose(buffer: SourceBuffer): void {
    const add = buffer.addEventListener.bind(buffer);
    buffer.addEventListener = (type: string, listener: EventListenerOrEventListenerObject | null): void => {
      add(type, (event) => {
        if (this.#closed || listener === null) return;
        if (typeof listener === 'function') listener.call(buffer, event);
        else listener.handleEvent(event);
      });
    };
  }
}
