import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { KickedViewers } from './kicked-viewers.ts';
import type { Peer, SessionSnapshot } from './snapshot.ts';

const PAUSE_MS = 300_000;
const school = '198.51.100.7';

/** A world in which browsers get their numbers as time goes by. */
function world(pauseMs = PAUSE_MS) {
  const clock = new ManualClock();
  const kicked = new KickedViewers(pauseMs, clock);
  const peer = (changes: Partial<Peer> = {}): Peer => ({
    id: 'x',
    protocol: 'ws-flv',
    address: school,
    userAgent: 'Firefox',
    ...changes,
  });
  const session = (changes: Partial<SessionSnapshot> = {}): SessionSnapshot => ({
    ...peer(changes),
    role: 'viewer',
    stream: 'live/a',
    sinceMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    droppedVideo: 0,
    droppedAudio: 0,
    canReconnect: false,
    encoder: null,
    ...changes,
  });
  const browser = (id: string) => ({ visitor: { id, sinceWallMs: clock.wallMs() } });
  return { clock, kicked, peer, session, browser };
}

describe('A viewer whom the operator ended', () => {
  it('stays out for the pause, with whatever it plays and from wherever it comes, and may return then', () => {
    const { clock, kicked, peer, session, browser } = world();
    const me = browser('me');
    clock.advance(1000);
    kicked.add(session(me));
    clock.advance(10_000);
    for (const again of [
      peer(me),
      peer({ ...me, protocol: 'http-flv' }),
      peer({ ...me, address: '203.0.113.9', userAgent: 'another' }),
      // A private window has a number that is newer than the kick.
      peer(browser('private window')),
      // Other players have none.
      peer({ protocol: 'http-flv', userAgent: 'VLC' }),
      peer({ protocol: 'rtmp', userAgent: 'LNX 9,0,124,2' }),
    ]) {
      assert.equal(kicked.waitMs('live/a', again), PAUSE_MS - 10_000, JSON.stringify(again));
    }
    clock.advance(PAUSE_MS - 10_000);
    assert.equal(kicked.waitMs('live/a', peer(me)), 0);
  });

  it('may watch other streams', () => {
    const { kicked, peer, session } = world();
    kicked.add(session());
    assert.equal(kicked.waitMs('live/b', peer()), 0);
  });

  it('costs others at the same address nothing who were there before, nor who comes with another browser', () => {
    const { clock, kicked, peer, session, browser } = world();
    const [me, neighbour] = [browser('me'), browser('neighbour')];
    clock.advance(1000);
    kicked.add(session(me));
    assert.equal(kicked.waitMs('live/a', peer(neighbour)), 0);
    clock.advance(1000);
    assert.equal(kicked.waitMs('live/a', peer({ ...browser('newcomer'), userAgent: 'Safari' })), 0);
    assert.equal(kicked.waitMs('live/a', peer({ address: '198.51.100.8' })), 0);
  });

  it('is kept out without a cookie as well, by its address, and of IPv6 by its network', () => {
    const { kicked, peer, session } = world();
    kicked.add(session({ address: '2001:db8:1:2:aaaa::1', protocol: 'http-flv', userAgent: 'VLC' }));
    assert(kicked.waitMs('live/a', peer({ address: '2001:db8:1:2:bbbb::9', userAgent: 'ffplay' })) > 0);
    assert.equal(kicked.waitMs('live/a', peer({ address: '2001:db8:1:3::1', userAgent: 'VLC' })), 0);
  });

  it('waits for the end of the last pause, if it was ended more than once', () => {
    const { clock, kicked, peer, session } = world();
    kicked.add(session());
    clock.advance(100_000);
    kicked.add(session({ id: 'other' }));
    assert.equal(kicked.waitMs('live/a', peer()), PAUSE_MS);
  });
});

it('Nobody is kept out by the end of a publisher, a preview or a process of ours, or without a pause', () => {
  const { kicked, peer, session } = world();
  kicked.add(session({ role: 'publisher' }));
  kicked.add(session({ isPreview: true }));
  kicked.add(session({ protocol: 'relay' }));
  assert.equal(kicked.waitMs('live/a', peer()), 0);
  kicked.add(session());
  assert.equal(kicked.waitMs('live/a', peer({ isPreview: true })), 0);
  const lenient = world(0);
  lenient.kicked.add(lenient.session());
  assert.equal(lenient.kicked.waitMs('live/a', lenient.peer()), 0);
});
