import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaPacket, PacketKind } from '../../shared/media/media-packet.ts';
import { HeaderCache } from './header-cache.ts';

const packet = (kind: PacketKind, ...bytes: number[]): MediaPacket => ({
  kind,
  role: kind === 'data' ? 'metadata' : 'config',
  timestampMs: 0,
  body: Uint8Array.from(bytes),
});
const order = (cache: HeaderCache) => cache.all.map(({ kind, body }) => `${kind} ${body[0]}`);

describe('HeaderCache', () => {
  it('gives metadata, then pictures, then sound, each by track and packet type, in whatever order they came', () => {
    const cache = new HeaderCache();
    cache.keep(packet('audio', 1), 1);
    cache.keep(packet('audio', 2), 0, 4);
    cache.keep(packet('video', 3), 2);
    cache.keep(packet('audio', 4));
    cache.keep(packet('data', 5));
    cache.keep(packet('video', 6), 0, 4);
    cache.keep(packet('video', 7));
    assert.deepEqual(order(cache), [
      'data 5',
      'video 7',
      'video 6',
      'video 3',
      'audio 4',
      'audio 2',
      'audio 1',
    ]);
    assert.deepEqual(
      cache.video.map(({ body }) => body[0]),
      [7, 6, 3],
    );
  });

  it('tells what is new from what replaces and what repeats, track by track', () => {
    const cache = new HeaderCache();
    assert.equal(cache.keep(packet('audio', 1)), 'new');
    assert.equal(cache.keep(packet('audio', 1), 1), 'new');
    const before = cache.all;
    assert.equal(cache.keep(packet('audio', 1), 1), 'same');
    assert.equal(cache.all, before);
    assert.equal(cache.keep(packet('audio', 2), 1), 'replaced');
    assert.notEqual(cache.all, before);
    assert.deepEqual(order(cache), ['audio 1', 'audio 2']);
  });

  it('forgets metadata alone, or everything', () => {
    const cache = new HeaderCache();
    cache.keep(packet('data', 1));
    cache.keep(packet('video', 2));
    cache.forget('data');
    cache.forget('data');
    assert.deepEqual(order(cache), ['video 2']);
    cache.clear();
    assert.deepEqual([cache.all, cache.video], [[], []]);
  });

  it('keeps 100 headers and 1 MiB, but always those of the default tracks', () => {
    const cache = new HeaderCache();
    for (let id = 1; id <= 100; id++) assert.equal(cache.keep(packet('audio', id), id), 'new');
    assert.equal(cache.keep(packet('audio', 0), 101), 'full');
    assert.equal(cache.keep(packet('audio', 200), 100), 'replaced');
    assert.equal(cache.keep(packet('video', 1)), 'new');
    cache.clear();
    const large = { ...packet('video'), body: new Uint8Array(1024 * 1024) };
    assert.equal(cache.keep(large, 1), 'new');
    assert.equal(cache.keep(packet('video', 1), 2), 'full');
    assert.equal(cache.keep(packet('video', 1)), 'new');
    assert.equal(cache.keep(packet('video', 1), 1), 'replaced');
  });

  it('keeps no header of more than 1 MiB, of whatever track', () => {
    const cache = new HeaderCache();
    const sized = (bytes: number) => ({ ...packet('video'), body: new Uint8Array(bytes) });
    for (const trackId of [0, 1]) {
      assert.equal(cache.keep(sized(1024 * 1024 + 1), trackId), 'full');
      assert.equal(cache.keep(sized(1024 * 1024), trackId), trackId === 0 ? 'new' : 'full');
    }
  });
});
