import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressGroup } from './address.ts';
import { AddressRates } from './address-rates.ts';

describe('Rates by address', () => {
  it('let each address have its own burst and its own rate', () => {
    const rates = new AddressRates(1, 2);
    assert.deepEqual(
      [1, 2, 3].map(() => rates.take('10.0.0.1', 0)),
      [true, true, false],
    );
    assert.equal(rates.take('10.0.0.2', 0), true);
    assert.equal(rates.isSpent('10.0.0.1', 999), true);
    assert.equal(rates.isSpent('10.0.0.1', 1_000), false);
    assert.equal(rates.isSpent('10.0.0.9', 0), false, 'one never heard of');
  });

  it('remember so many addresses and no more, and forget those not heard of for longest', () => {
    const rates = new AddressRates(1, 1, 3);
    for (const host of [1, 2, 3]) rates.take(`10.0.0.${host}`, 0);
    rates.take('10.0.0.1', 0);
    rates.take('10.0.0.4', 0);
    assert.equal(rates.size, 3);
    assert.deepEqual(
      [1, 2, 3, 4].map((host) => rates.isSpent(`10.0.0.${host}`, 0)),
      [true, false, true, true],
    );
  });
});

describe('One party is', () => {
  for (const [address, group] of [
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
    ['fe80::7%eth0', 'fe80:0:0:0::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
  ] as const) {
    it(`${group} for ${address}`, () => assert.equal(addressGroup(address), group));
  }
});
