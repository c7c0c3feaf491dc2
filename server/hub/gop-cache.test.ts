import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaPacket, PacketRole } from '../../shared/media/media-packet.ts';
import { GopCache } from './gop-cache.ts';

const limits = { maxBytes: 10_000, maxDurationMs: 20_000 };

function packet(role: PacketRole, timestampMs: number, bytes = 10): MediaPacket {
  const kind = role === 'audio' ? 'audio' : 'video';
  return { kind, role, timestampMs, body: new Uint8Array(bytes) };
}

function filled(cache: GopCache, ...packets: MediaPacket[]): number[] {
  for (const one of packets) {
    cache.add(one);
    cache.trim();
  }
  return cache.packets.map(({ timestampMs }) => timestampMs);
}

describe('GopCache', () => {
  it('holds everything since the last keyframe, sound included', () => {
    const cache = new GopCache(limits);
    const times = filled(
      cache,
      packet('keyframe', 0),
      packet('interframe', 40),
      packet('keyframe', 80),
      packet('audio', 90),
      packet('disposable', 120),
    );
    assert.deepEqual(times, [80, 90, 120]);
    assert.equal(cache.startMs, 80);
    assert.equal(cache.bytes, 30);
    assert.equal(cache.keyframeIntervalMs, 80);
  });

  it('takes nothing before the first keyframe, because nobody could decode it', () => {
    const cache = new GopCache(limits);
    assert.deepEqual(filled(cache, packet('interframe', 0), packet('audio', 5)), []);
    assert.equal(cache.startMs, undefined);
  });

  it('lets go of all of it over 20000 packets, however small they are', () => {
    const cache = new GopCache(limits);
    const empty = Array.from({ length: 19_999 }, () => packet('interframe', 0, 0));
    assert.equal(filled(cache, packet('keyframe', 0, 2), ...empty).length, 20_000);
    assert.deepEqual(filled(cache, packet('interframe', 0, 0)), [], 'one past the limit');
    assert.deepEqual(filled(cache, packet('keyframe', 40)), [40]);
  });

  it('lets go of all of it over the byte limit and starts again at the next keyframe', () => {
    const cache = new GopCache(limits);
    assert.deepEqual(filled(cache, packet('keyframe', 0, 6_000), packet('interframe', 40, 4_000)), [0, 40]);
    assert.deepEqual(filled(cache, packet('interframe', 80, 1)), [], 'one past the limit');
    assert.equal(cache.bytes, 0);
    assert.deepEqual(filled(cache, packet('interframe', 120)), []);
    assert.deepEqual(filled(cache, packet('keyframe', 160)), [160]);
  });

  it('lets go of a group that lasts too long', () => {
    const cache = new GopCache(limits);
    assert.deepEqual(filled(cache, packet('keyframe', 0), packet('interframe', 20_000)), [0, 20_000]);
    assert.deepEqual(filled(cache, packet('interframe', 20_001)), []);
  });

  it('holds a group that is over a limit until it is asked to trim', () => {
    const cache = new GopCache({ maxBytes: 0, maxDurationMs: 0 });
    cache.add(packet('keyframe', 0));
    assert.equal(cache.startMs, 0);
    cache.trim();
    assert.equal(cache.startMs, undefined);
  });

  it('begins a group every second when there is only sound', () => {
    const cache = new GopCache(limits);
    cache.audioOnly = true;
    const times = filled(
      cache,
      packet('audio', 0),
      packet('audio', 500),
      packet('audio', 1_000),
      packet('audio', 1_023),
    );
    assert.deepEqual(times, [1_000, 1_023]);
  });

  it('starts at any frame when an encoder has sent no keyframe at all for five seconds', () => {
    const cache = new GopCache(limits);
    assert.deepEqual(filled(cache, packet('interframe', 0), packet('interframe', 4_960)), []);
    assert.deepEqual(filled(cache, packet('interframe', 5_000), packet('interframe', 5_040)), [5_000, 5_040]);
  });

  it('never starts at any frame when keyframes come, however rare', () => {
    const cache = new GopCache(limits);
    filled(cache, packet('keyframe', 0), packet('keyframe', 30_000));
    assert.deepEqual(filled(cache, packet('interframe', 51_000), packet('interframe', 55_000)), []);
  });

  it('forgets its frames when a header changes, and knows the keyframe distance still', () => {
    const cache = new GopCache(limits);
    filled(cache, packet('keyframe', 0), packet('keyframe', 2_000));
    cache.dropFrames();
    assert.deepEqual(filled(cache, packet('interframe', 2_040)), []);
    assert.equal(cache.keyframeIntervalMs, 2_000);
  });
});
