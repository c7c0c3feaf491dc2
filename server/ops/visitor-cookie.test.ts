import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { createVisitorCookies, VISITOR_SECONDS } from './visitor-cookie.ts';

it('A browser is known again by its cookie for a day, also after a restart of the server', () => {
  const clock = new ManualClock();
  const value = createVisitorCookies('secret', clock).make();
  const sinceWallMs = clock.wallMs();
  const restarted = createVisitorCookies('secret', clock);
  clock.advance(VISITOR_SECONDS * 1000 - 1);
  const visitor = restarted.read(value);
  assert.equal(visitor?.sinceWallMs, sinceWallMs);
  assert.match(visitor?.id ?? '', /^[\w-]{12}$/);
  clock.advance(1);
  assert.equal(restarted.read(value), undefined);
});

it('Nobody can make one up, or make one older than it is', () => {
  const clock = new ManualClock();
  const cookies = createVisitorCookies('secret', clock);
  const value = cookies.make();
  assert.notEqual(cookies.make(), value);
  const [since = '', id = '', signature = ''] = value.split('.');
  const older = (Number.parseInt(since, 36) - 1000).toString(36);
  for (const forged of [
    undefined,
    '',
    '...',
    `${older}.${id}.${signature}`,
    `${since}.${id}x.${signature}`,
    `${since}.${id}.`,
    `${since}.${id}.${signature}.x`,
    `${since}.${id}`,
    createVisitorCookies('another secret', clock).make(),
    'x'.repeat(5000),
  ]) {
    assert.equal(cookies.read(forged), undefined, forged?.slice(0, 60));
  }
});
