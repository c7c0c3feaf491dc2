import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HubHarness } from '../test/hub-harness.ts';
import { PublisherTally } from './publisher-tally.ts';

it('What an address publishes is counted while it does, an IPv6 network as one', () => {
  const world = new HubHarness();
  const tally = new PublisherTally();
  tally.watch(world.hub);
  const first = world.publish('live/a', { address: '2001:db8::1' });
  world.publish('live/b', { address: '2001:db8::2' });
  world.publish('live/c', { address: '192.0.2.1' });
  assert.equal(tally.othersOf('2001:db8::3', 'live/x'), 2);
  assert.equal(tally.othersOf('2001:db8::3', 'live/a'), 1, 'the one that it comes back to does not count');
  assert.equal(tally.othersOf('192.0.2.1', 'live/a'), 1);
  assert.equal(tally.othersOf('192.0.2.9', 'live/a'), 0);
  first.publisher.leave('dropped');
  assert.equal(tally.othersOf('2001:db8::3', 'live/x'), 1, 'who dropped holds nothing');
  world.publish('live/a', { address: '192.0.2.1' });
  assert.equal(tally.othersOf('192.0.2.1', 'live/x'), 2);
});
