import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../../shared/bytes/hex.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { rtmpContainer } from './rtmp-container.ts';

const packet: MediaPacket = {
  kind: 'audio',
  role: 'audio',
  timestampMs: 1_023,
  body: new Uint8Array(130).fill(0x21),
};

describe('RTMP container', () => {
  it('writes full headers and continuations, so that the bytes suit every player', () => {
    const bytes = toHex(rtmpContainer(128, 1).encode([packet], 1_000));
    assert.equal(bytes, `06 000017 000082 08 01000000 ${'21'.repeat(128)} c6 2121`.replaceAll(' ', ''));
  });

  it('shares bytes only among players with one chunk size and message stream id', () => {
    const ids = [rtmpContainer(128, 1), rtmpContainer(4096, 1), rtmpContainer(128, 2)].map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
    assert.equal(rtmpContainer(128, 1).id, ids[0]);
  });

  it('leaves out what a player did not say it takes, and shares bytes among those who said the same', () => {
    const second: MediaPacket = {
      ...packet,
      role: 'other',
      body: Uint8Array.of(0x95, 1, 79, 112, 117, 115, 1, 2),
    };
    const simple = rtmpContainer(4096, 1);
    const able = rtmpContainer(4096, 1, { takes: { multitrack: true, modEx: false } });
    assert.deepEqual(simple.encode([packet, second], 0), simple.encode([packet], 0));
    assert.ok(able.encode([packet, second], 0).length > simple.encode([packet, second], 0).length);
    const ids = [simple, able, rtmpContainer(4096, 1, { takes: { multitrack: true, modEx: true } })].map(
      ({ id }) => id,
    );
    assert.equal(new Set(ids).size, 3);
  });

  it('ends after a duration, for those alone who asked for it', () => {
    const at = (timestampMs: number): MediaPacket => ({ ...packet, timestampMs });
    const whole = rtmpContainer(4096, 1);
    const short = rtmpContainer(4096, 1, { durationMs: 500 });
    assert.notEqual(short.id, whole.id);
    assert.deepEqual(
      short.encode([at(1_000), at(1_499), at(1_500)], 1_000),
      whole.encode([at(1_000), at(1_499)], 1_000),
    );
    assert.equal(short.encode([at(1_500)], 1_000).length, 0);
  });

  it('joins the packets of a batch', () => {
    const container = rtmpContainer(4096, 1);
    assert.equal(container.encode([packet, packet], 0).length, 2 * container.encode([packet], 0).length);
  });
});
