import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PictureWatch, tailPolicy } from './tail-policy.ts';
import { aTrack, someArrivals } from './test-facts.ts';

const slides = aTrack({ intervalMs: 6000, frames: 5 });

test('pictures that come often are left alone, in every browser', () => {
  for (const isFirefox of [false, true]) {
    assert.equal(tailPolicy(someArrivals(), isFirefox, false).lastsSeconds, 0);
    assert.equal(tailPolicy(someArrivals({ sound: null }), isFirefox, false).lastsSeconds, 0);
  }
});

test('rare pictures last for ever, in Firefox until the one after the next', () => {
  const arrivals = someArrivals({ pictures: slides });
  assert.deepEqual(tailPolicy(arrivals, false, false), { lastsSeconds: 3600, company: 'none' });
  assert.deepEqual(tailPolicy(arrivals, true, false), { lastsSeconds: 15, company: 'copy' });
});

test('pictures that stopped are held with another one far ahead', () => {
  assert.deepEqual(tailPolicy(someArrivals(), false, true), { lastsSeconds: 3600, company: 'far' });
});

test('pictures that stop while sound goes on are held, once', () => {
  const watch = new PictureWatch();
  const at = (soundMs: number) =>
    someArrivals({ pictures: aTrack({ newestMs: 10_000 }), sound: aTrack({ newestMs: soundMs }) });
  assert.equal(watch.next(at(10_200), 0), null);
  assert.equal(watch.next(at(10_260), 0), 'hold');
  assert.equal(watch.isStopped(at(10_260)), true);
  assert.equal(watch.next(at(10_400), 0), null);
  const back = someArrivals({ pictures: aTrack({ frames: 101, newestMs: 18_000 }) });
  assert.equal(watch.isStopped(back), false);
});

test('pictures that are always late by a second have not stopped after a second', () => {
  const watch = new PictureWatch();
  const pictures = aTrack({ newestMs: 10_000, usuallyLateMs: 1000 });
  assert.equal(watch.next(someArrivals({ pictures, sound: aTrack({ newestMs: 11_100 }) }), 0), null);
  assert.equal(watch.next(someArrivals({ pictures, sound: aTrack({ newestMs: 11_400 }) }), 0), 'hold');
});

test('a line that brings nothing at all is no reason to hold anything', () => {
  const watch = new PictureWatch();
  assert.equal(watch.next(someArrivals({ silentMs: 3000 }), 13_000), null);
});

test('a rare picture is given out soon after it came, once', () => {
  const watch = new PictureWatch();
  const arrivals = someArrivals({ pictures: { ...slides, lastAtMs: 1000 }, sound: null });
  assert.equal(watch.next(arrivals, 1030), null);
  assert.equal(watch.next(arrivals, 1060), 'release');
  assert.equal(watch.next(arrivals, 5000), null);
});

test('slides that stay away for longer than usual are held, too', () => {
  const watch = new PictureWatch();
  const at = (soundMs: number) =>
    someArrivals({
      pictures: { ...slides, lastAtMs: 0, newestMs: 10_000 },
      sound: aTrack({ newestMs: soundMs }),
    });
  assert.equal(watch.next(at(16_000), 6000), 'release');
  assert.equal(watch.next(at(17_000), 7000), null);
  assert.equal(watch.next(at(17_700), 7700), 'hold');
});
