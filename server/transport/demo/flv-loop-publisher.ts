import { readFile } from 'node:fs/promises';
import { FlvReader } from '../../../shared/flv/flv-reader.ts';
import type { FlvTag } from '../../../shared/flv/flv-tag.ts';
import { classifyPacket } from '../../../shared/media/classify.ts';
import { type PublishTarget, RtmpPublisherClient } from '../client/rtmp-publisher-client.ts';
import type { RtmpRefused } from '../client/rtmp-refused.ts';

/** How often tags that are due are sent. Below a frame's time, so that frames leave one by one. */
const PACE_MS = 10;

export interface FlvLoop {
  /** Resolves when the server closed the connection. */
  readonly closed: Promise<RtmpRefused | undefined>;
  /** Says goodbye and closes. */
  stop(): Promise<void>;
  /** Cuts the line without a word. */
  cut(): Promise<void>;
}

/** Publishes an FLV file in real time, again and again, as one endless stream over RTMP. */
export async function publishFlvLoop(path: string, target: PublishTarget): Promise<FlvLoop> {
  const tags = readTags(await readFile(path));
  const lengthMs = loopLength(tags);
  const client = await RtmpPublisherClient.open(target);
  const startMs = performance.now();
  let index = 0;
  let loop = 0;
  const send = () => {
    const elapsedMs = performance.now() - startMs;
    while (client.open) {
      const tag = tags[index];
      if (!tag) {
        index = 0;
        loop++;
        continue;
      }
      const timestampMs = tag.timestampMs + loop * lengthMs;
      if (timestampMs > elapsedMs) break;
      if (loop === 0 || isFrame(tag)) client.send(tag.kind, timestampMs, tag.body);
      index++;
    }
    client.flush();
  };
  send();
  const timer = setInterval(send, PACE_MS);
  void client.closed.then(() => clearInterval(timer));
  const halt = (close: () => Promise<void>) => () => {
    clearInterval(timer);
    return close();
  };
  return { closed: client.closed, stop: halt(() => client.stop()), cut: halt(() => client.cut()) };
}

/** The tags of a file in its order, without the end of sequence: the stream goes on. */
function readTags(file: Uint8Array): FlvTag[] {
  const reader = new FlvReader();
  reader.push(file);
  const tags: FlvTag[] = [];
  for (let item = reader.next(); item; item = reader.next()) {
    if (item.kind === 'header') continue;
    if (item.kind === 'data' || classifyPacket(item.kind, item.body) !== 'other') tags.push(item);
  }
  if (!tags.some(isFrame)) throw new Error('the FLV file holds no frames');
  return tags;
}

const isFrame = (tag: FlvTag): boolean =>
  tag.kind !== 'data' && classifyPacket(tag.kind, tag.body) !== 'config';

/** From the first frame to where the next round begins: the longer track, and one frame of it. */
function loopLength(tags: readonly FlvTag[]): number {
  let length = 0;
  for (const kind of ['audio', 'video'] as const) {
    const times = tags.filter((tag) => tag.kind === kind && isFrame(tag)).map((tag) => tag.timestampMs);
    const first = times[0];
    const last = times.at(-1);
    if (first === undefined || last === undefined || times.length < 2) continue;
    length = Math.max(length, last - first + Math.round((last - first) / (times.length - 1)));
  }
  return Math.max(length, 1);
}
