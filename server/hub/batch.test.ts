import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaPacket, PacketRole } from '../../shared/media/media-packet.ts';
import { cutBatches, feedCache } from './batch.ts';
import { GopCache } from './gop-cache.ts';

const body = new Uint8Array(1);
const kinds: Partial<Record<PacketRole, MediaPacket['kind']>> = { audio: 'audio', metadata: 'data' };
const packet = (role: PacketRole, timestampMs: number): MediaPacket => ({
  kind: kinds[role] ?? 'video',
  role,
  timestampMs,
  body,
});
const newCache = () => new GopCache({ maxBytes: 1_000, maxDurationMs: 60_000 });
const times = (packets: readonly MediaPacket[]) =>
  packets.map(({ role, timestampMs }) => `${role} ${timestampMs}`);

const delivery = [
  packet('interframe', 0),
  packet('audio', 5),
  packet('config', 40),
  packet('keyframe', 40),
  packet('audio', 45),
  packet('keyframe', 80),
];

describe('Batches of one delivery', () => {
  it('are cut before each packet that opens a group of pictures, and nowhere else', () => {
    const batches = [...cutBatches(delivery, newCache())];
    assert.deepEqual(
      batches.map(({ packets }) => times(packets)),
      [['interframe 0', 'audio 5', 'config 40'], ['keyframe 40', 'audio 45'], ['keyframe 80']],
    );
    assert.deepEqual(
      batches.map(({ opensGroup }) => opensGroup),
      [false, true, true],
    );
  });

  it('count what a slow viewer may lose', () => {
    const counts = [...cutBatches(delivery, newCache())].map((one) => [one.videoFrames, one.audioFrames]);
    assert.deepEqual(counts, [
      [1, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  it('are given when the cache holds what came up to their end: who starts then misses nothing and gets nothing twice', () => {
    const cache = newCache();
    const held: string[][] = [];
    for (const _ of cutBatches(delivery, cache)) held.push(times(cache.packets));
    assert.deepEqual(held, [[], ['keyframe 40', 'audio 45'], ['keyframe 80']]);
  });

  it('fill the cache as if they had been cut where nobody watches', () => {
    const [cut, fed] = [newCache(), newCache()];
    for (const _ of cutBatches(delivery, cut));
    feedCache(delivery, fed);
    assert.deepEqual(fed.packets, cut.packets);
  });

  it('are none of nothing', () => {
    assert.deepEqual([...cutBatches([], newCache())], []);
  });
});
