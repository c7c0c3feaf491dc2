import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseWatchPath } from './watch-path.ts';

it('the path of a player page names a stream as every other address does', () => {
  for (const [path, name] of [
    ['/watch/live/main', 'live/main'],
    ['/embed/live/main', 'live/main'],
    ['/watch/live/main/', 'live/main'],
    ['/watch/live/sub/room', 'live/sub/room'],
    ['/watch/live/Z%C3%BCrich', 'live/Zürich'],
    ['/watch/live/main.flv', 'live/main'],
  ] as const) {
    const target = parseWatchPath(path);
    assert(target.ok, path);
    assert.equal(target.name, name);
  }
});

it('what cannot be the name of a stream is refused with a reason', () => {
  for (const [path, reason] of [
    ['/watch', 'it is empty'],
    ['/watch/', 'it is empty'],
    ['/watch///', 'it is empty'],
    ['/watch/live', 'it has one part and needs two, an app and a key'],
    ['/watch/admin/x', '"admin" is an address of the server itself'],
    ['/watch//evil.example/x', 'a part of it is empty'],
    ['/embed//evil.example/x', 'a part of it is empty'],
    ['/watch/live//main', 'a part of it is empty'],
    ['/watch/live/%2e%2e', 'a part of it begins with a dot'],
    ['/watch/live/a%2fb', '"/" is not allowed in it'],
    ['/watch/live/%zz', 'its percent-encoding is broken'],
    ['/elsewhere/live/main', 'it is empty'],
  ] as const) {
    assert.deepEqual(parseWatchPath(path), { ok: false, reason }, path);
  }
});
