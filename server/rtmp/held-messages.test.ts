import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { assertProtocolError } from '../../shared/testing/every-prefix.ts';
import { HeldMessages } from './held-messages.ts';
import { defaultRtmpLimits } from './limits.ts';
import type { RtmpMessage } from './message.ts';

const message = (typeId: number, length: number, timestamp = 0): RtmpMessage => ({
  typeId,
  timestamp,
  messageStreamId: 1,
  chunkStreamId: 4,
  body: new Uint8Array(length).fill(timestamp & 0xff),
});

const held = (maxHeldMessages: number, maxHeldBytes: number): HeldMessages =>
  new HeldMessages({ ...defaultRtmpLimits, maxHeldMessages, maxHeldBytes });

describe('Messages that wait for a decision', () => {
  it('come out as they came in, with bytes of their own', () => {
    const queue = held(10, 100);
    const lent = message(9, 4, 7);
    assert.equal(queue.push(lent), undefined);
    lent.body.fill(0xee);
    assert.deepEqual(queue.shift()?.body, new Uint8Array(4).fill(7));
    assert.equal(queue.shift(), undefined);
  });

  it('are left out by the limit that has no room: media by its name, a command by an error', () => {
    const few = held(1, 100);
    assert.equal(few.push(message(8, 1)), undefined);
    assert.equal(few.push(message(8, 1)), 'maxHeldMessages');
    assertProtocolError('too-many', () => few.push(message(20, 1)));
    const small = held(10, 5);
    assert.equal(small.push(message(9, 6)), 'maxHeldBytes');
    assertProtocolError('too-many', () => small.push(message(17, 6)));
    assert.equal(small.push(message(9, 5)), undefined);
  });

  it('keep their order and stay within their limits, whatever is pushed and taken', () => {
    const step = fc.oneof(fc.record({ push: fc.nat({ max: 40 }) }), fc.constant('shift' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = held(8, 100);
        const model: RtmpMessage[] = [];
        for (const [at, one] of steps.entries()) {
          if (one === 'shift') {
            assert.deepEqual(queue.shift(), model.shift());
            continue;
          }
          const next = message(8, one.push, at);
          const bytes = model.reduce((sum, { body }) => sum + body.length, next.body.length);
          const expected = model.length >= 8 ? 'maxHeldMessages' : bytes > 100 ? 'maxHeldBytes' : undefined;
          assert.equal(queue.push(next), expected);
          if (expected === undefined) model.push(next);
        }
      }),
    );
  });
});
