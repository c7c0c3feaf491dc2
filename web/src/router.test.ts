import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRoute, streamPath } from './router.ts';
import { parseWatchTarget, withTrack } from './watch-target.ts';

test('each address of the dashboard names one view', () => {
  assert.deepEqual(parseRoute('/'), { page: 'home' });
  assert.deepEqual(parseRoute('/admin'), { page: 'streams' });
  assert.deepEqual(parseRoute('/admin/streams/'), { page: 'streams' });
  assert.deepEqual(parseRoute('/admin/sessions'), { page: 'sessions' });
  assert.deepEqual(parseRoute('/admin/elsewhere'), { page: 'unknown' });
  assert.deepEqual(parseRoute('/elsewhere'), { page: 'unknown' });
});

test('a link to a stream that lost a part of its name is told from one that never led to a stream', () => {
  for (const path of ['/watch', '/watch/', '/watch/live', '/watch/live/', '/embed', '/embed/live']) {
    const route = parseRoute(path);
    assert(route.page === 'bad-link' && route.isCut, path);
  }
  for (const path of ['/watch/admin/x', '/watch//evil.example/x', '/embed/live/a%20b', '/watch/live/%E0']) {
    const route = parseRoute(path);
    assert(route.page === 'bad-link' && !route.isCut, path);
    assert.notEqual(route.reason, '');
  }
  assert.deepEqual(parseRoute('/watch/live/main'), { page: 'unknown' });
});

test('whatever stands in the address of a player page, its media is on this server', () => {
  for (const path of [
    '/watch//evil.example/x',
    '/watch///evil.example/x',
    '/embed//evil.example',
    '/watch/',
    '/watch//',
  ]) {
    const { mediaPath } = parseWatchTarget(path, '');
    const url = new URL(mediaPath, 'http://tv.example:8080');
    assert.equal(url.host, 'tv.example:8080', path);
  }
});

test('the page of a stream survives the way into the address bar and back', () => {
  for (const name of ['live/main', 'live/sub/room', 'ライブ/キー', 'a/b~c.d']) {
    assert.deepEqual(parseRoute(streamPath(name)), { page: 'stream', name });
  }
});

test('a broken escape in the address is no crash', () => {
  assert.deepEqual(parseRoute('/admin/streams/a%E0/b'), { page: 'stream', name: 'a%E0/b' });
});

test('the address of a player page names the stream and its media', () => {
  const target = parseWatchTarget('/watch/live/%E3%82%AD', '');
  assert.equal(target.name, 'live/キ');
  assert.equal(target.mediaPath, '/live/%E3%82%AD.flv');
  assert.equal(target.embedded, false);
  assert.deepEqual([target.muted, target.autoplay, target.controls], [true, true, true]);
  assert.deepEqual([target.transport, target.engine], ['ws', null]);
});

test('however the name is written in the address, it is the one that the server knows', () => {
  for (const [path, name, mediaPath] of [
    ['/watch/live/main.flv', 'live/main', '/live/main.flv'],
    ['/watch/live/main/', 'live/main', '/live/main.flv'],
    ['/watch/live/Zu%CC%88rich', 'live/Zürich', '/live/Z%C3%BCrich.flv'],
  ] as const) {
    const target = parseWatchTarget(path, '');
    assert.deepEqual([target.name, target.mediaPath], [name, mediaPath], path);
  }
});

test('the query of a player page is understood in its usual spellings', () => {
  const target = parseWatchTarget(
    '/embed/live/sub/room/',
    '?muted=0&autoplay=false&controls=no&transport=http&engine=mpegts.js',
  );
  assert.equal(target.name, 'live/sub/room');
  assert.equal(target.embedded, true);
  assert.deepEqual([target.muted, target.autoplay, target.controls], [false, false, false]);
  assert.deepEqual([target.transport, target.engine], ['http', 'mpegts.js']);
  assert.equal(parseWatchTarget('/watch/a/b', '?muted').muted, true);
  assert.equal(parseWatchTarget('/watch/a/b', '?engine=flv').engine, 'flv.js');
});

test('a player page is asked for a track, and its address can be made to ask for another', () => {
  for (const [search, track] of [
    ['', 0],
    ['?track=1', 1],
    ['?track=255', 255],
    ['?track=256', 0],
    ['?track=-1', 0],
    ['?track=one', 0],
  ] as const) {
    assert.equal(parseWatchTarget('/watch/a/b', search).track, track, search);
  }
  assert.equal(withTrack('?muted=0', 3), '?muted=0&track=3');
  assert.equal(withTrack('?track=3&muted=0', 0), '?muted=0');
  assert.equal(withTrack('?track=3', 0), '');
});
