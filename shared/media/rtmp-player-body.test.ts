import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { type BodyOptions, enhancedBody } from '../testing/enhanced-body.ts';
import { goldenVectors } from '../testing/golden.ts';
import { classifyPacket } from './classify.ts';
import type { PacketKind, PacketRole } from './media-packet.ts';
import { rtmpPlayableBody } from './rtmp-player-body.ts';

const nothing = { multitrack: false, modEx: false };
const multitrack = { multitrack: true, modEx: false };
const modEx = { multitrack: false, modEx: true };
const all = { multitrack: true, modEx: true };

const opus = (options: Partial<BodyOptions>): Uint8Array =>
  enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'fcfffe', ...options });
const plain = opus({});
const forms = (body: Uint8Array): (string | undefined)[] =>
  [nothing, multitrack, modEx, all].map((takes) => {
    const played = rtmpPlayableBody('audio', body, takes);
    return played && (played === body ? 'same' : toHex(played));
  });

describe('rtmpPlayableBody', () => {
  it('lets plain packets through as they are', () => {
    assert.deepEqual(forms(plain), ['same', 'same', 'same', 'same']);
    for (const [kind, hex] of [
      ['video', '1701000050 00000001'],
      ['video', '91 68766331 000050 00'],
      ['video', 'd4 68766331 0200'],
      ['audio', 'af01 21'],
      ['audio', ''],
      ['data', '0200'],
    ] as const) {
      const body = fromHex(hex);
      assert.equal(rtmpPlayableBody(kind, body, nothing), body, hex);
    }
  });

  it('unwraps the default track and leaves other tracks out, for who does not take multitrack', () => {
    const single = toHex(plain);
    assert.deepEqual(forms(opus({ track: 0 })), [single, 'same', single, 'same']);
    assert.deepEqual(forms(opus({ track: 1 })), [undefined, 'same', undefined, 'same']);
    const many = opus({
      tracks: [
        { id: 1, data: '01' },
        { id: 0, data: 'fcfffe' },
      ],
    });
    assert.deepEqual(forms(many), [single, 'same', single, 'same']);
  });

  it('takes ModEx prefixes off for who does not take them, and keeps them for who does', () => {
    const nanos = 999_999;
    assert.deepEqual(forms(opus({ nanos })), [toHex(plain), toHex(plain), 'same', 'same']);
    assert.deepEqual(forms(opus({ nanos, track: 0 })), [
      toHex(plain),
      toHex(opus({ track: 0 })),
      toHex(opus({ nanos })),
      'same',
    ]);
    assert.deepEqual(forms(opus({ nanos, track: 2 })), [
      undefined,
      toHex(opus({ track: 2 })),
      undefined,
      'same',
    ]);
  });

  it('gives a simple player nothing that is wrapped, means the same, and never throws', () => {
    const vectors = goldenVectors<{ kind: PacketKind; role: PacketRole }>('flv/bodies.json');
    for (const { name, bytes, expected } of vectors) {
      const body = rtmpPlayableBody(expected.kind, bytes, nothing);
      if (body && body !== bytes) assert.equal(classifyPacket(expected.kind, body), expected.role, name);
    }
    fc.assert(
      fc.property(fc.constantFrom<PacketKind>('audio', 'video'), someBytes(64), (kind, body) => {
        const played = rtmpPlayableBody(kind, body, nothing);
        if (played) assert.equal(rtmpPlayableBody(kind, played, nothing), played);
        assert.equal(rtmpPlayableBody(kind, body, all), body);
      }),
      { numRuns: 3000 },
    );
  });
});
