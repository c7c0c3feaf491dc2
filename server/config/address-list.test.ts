import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAddressList } from './address-list.ts';

describe('A list of addresses', () => {
  it('holds single addresses and networks of both families', () => {
    const has = parseAddressList('10.0.0.2, 192.168.0.0/16,fd00::/8 ,2001:db8::1');
    for (const address of ['10.0.0.2', '192.168.255.1', 'fd12::3', '2001:db8::1'])
      assert(has(address), address);
    for (const address of ['10.0.0.3', '192.169.0.1', 'fe80::1', '2001:db8::2', '', 'unknown']) {
      assert(!has(address), address);
    }
  });

  it('that is empty holds nothing', () => {
    for (const text of ['', ' ']) {
      const has = parseAddressList(text);
      assert(!has('127.0.0.1'));
      assert(!has('::1'));
    }
  });

  it('of one network without an end holds all of its family', () => {
    const has = parseAddressList('0.0.0.0/0');
    assert(has('8.8.8.8'));
    assert(!has('2001:db8::1'));
  });

  for (const text of [
    'proxy',
    '10.0.0.0/33',
    '10.0.0',
    '10.0.0.1,',
    ',',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'fe80::1%eth0',
    '10.0.0.0/-1',
  ]) {
    it(`that is wrong is refused: ${text}`, () => {
      assert.throws(() => parseAddressList(text), /is no IP address or network/);
    });
  }
});
