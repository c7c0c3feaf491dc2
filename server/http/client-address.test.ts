import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientAddress } from './client-address.ts';

describe('A request comes from', () => {
  const socket = { remoteAddress: '::ffff:192.0.2.1' };
  for (const [ip, address] of [
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['198.51.100.7:4711', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    // What is no address is none: the other end of the line counts.
    ['unknown', '192.0.2.1'],
    ['', '192.0.2.1'],
    ['admin logged in', '192.0.2.1'],
    ['198.51.100.7\r\nforged', '192.0.2.1'],
    ['1.2.3', '192.0.2.1'],
    ['999.1.1.1', '192.0.2.1'],
    [`1${' '.repeat(1000)}`, '192.0.2.1'],
  ] as const) {
    it(`${address} when proxies say ${JSON.stringify(ip.slice(0, 30))}`, () =>
      assert.equal(clientAddress({ ip, socket }), address));
  }

  it('nowhere that has a name, when the line is gone', () =>
    assert.equal(clientAddress({ socket: null }), 'unknown'));
});
