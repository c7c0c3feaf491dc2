import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AddressCounts } from './address-counts.ts';

it('What a party has is counted, an IPv6 network as one, and whoever has none is forgotten', () => {
  const counts = new AddressCounts();
  for (const address of ['2001:db8::1', '2001:db8::2', '192.0.2.1']) counts.add(address);
  assert.deepEqual([counts.of('2001:db8::9'), counts.of('192.0.2.1'), counts.of('192.0.2.2')], [2, 1, 0]);
  assert.equal(counts.size, 2);
  for (const address of ['2001:db8::2', '2001:db8::1', '192.0.2.1']) counts.remove(address);
  assert.deepEqual([counts.of('2001:db8::1'), counts.size], [0, 0]);
  counts.remove('192.0.2.1');
  assert.deepEqual([counts.of('192.0.2.1'), counts.size], [0, 0], 'never less than none');
});
