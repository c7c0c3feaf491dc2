import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { reservedFirstSegments } from './name-rules.ts';
import { encodeStreamPath, parseStreamName, parseStreamPath, type StreamNameResult } from './stream-name.ts';

const nameOf = (result: StreamNameResult): string => {
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.name;
};
const rtmp = (app: string, name: string): string => nameOf(parseStreamName({ app, name }));
const http = (path: string): string => nameOf(parseStreamPath(path));
const refusedFor = (result: StreamNameResult, reason: RegExp): void => {
  assert.equal(result.ok, false);
  if (!result.ok) assert.match(result.reason, reason);
};

test('app and key join to one name', () => {
  assert.equal(rtmp('live', 'main'), 'live/main');
  assert.deepEqual(parseStreamName({ app: 'live/sub', name: 'room' }), {
    ok: true,
    name: 'live/sub/room',
    segments: ['live', 'sub', 'room'],
    query: new Map(),
  });
});

test('wherever an encoder splits the path, the name is the same', () => {
  const path = 'a/b/c/name';
  for (const [app, name] of [
    ['a/b', 'c/name'],
    ['a/b/c', 'name'],
    ['a', 'b/c/name'],
    ['a/b/c/name', ''],
  ] as const) {
    assert.equal(rtmp(app, name), path);
  }
  assert.equal(http(`/${path}.flv`), path);
});

test('leading, trailing and double slashes are dropped', () => {
  assert.equal(rtmp('/live/', '/main'), 'live/main');
  assert.equal(rtmp('live//sub', 'room/'), 'live/sub/room');
  assert.equal(http('//live//main.flv/'), 'live/main');
});

test('an empty key, or one that is only a query, makes the app path the stream', () => {
  assert.equal(rtmp('live/main', ''), 'live/main');
  assert.equal(rtmp('live/main', '?user=a'), 'live/main');
});

test('_definst_ at the end of the app is dropped, elsewhere it is a name', () => {
  assert.equal(rtmp('live/_definst_', 'main'), 'live/main');
  assert.equal(rtmp('live', '_definst_'), 'live/_definst_');
});

test('the prefixes mp4:, flv: and mp3: and the suffix .flv are dropped', () => {
  for (const name of ['mp4:main', 'flv:main', 'mp3:main', '/mp4:main', 'main.flv']) {
    assert.equal(rtmp('live', name), 'live/main');
  }
  assert.equal(rtmp('live', 'mp4:sub/main'), 'live/sub/main');
  assert.equal(rtmp('live/main.flv', ''), 'live/main');
  assert.equal(http('/live/main'), 'live/main');
  assert.equal(http('/live/main.flv.flv'), 'live/main.flv');
  assert.equal(rtmp('live', 'main.mp4'), 'live/main.mp4');
  refusedFor(parseStreamName({ app: 'live', name: '.flv' }), /dot/);
});

test('the query is kept apart from the name', () => {
  const result = parseStreamName({ app: 'live', name: 'obs?token=abc123&a=%20b+c' });
  assert.ok(result.ok);
  assert.equal(result.name, 'live/obs');
  assert.deepEqual(
    result.query,
    new Map([
      ['token', 'abc123'],
      ['a', ' b+c'],
    ]),
  );
});

test('a query may stand behind the app, as FFmpeg sends it, and the one of the key wins', () => {
  const result = parseStreamName({
    app: 'live?k=app&only=app',
    name: 'main?k=key&k=last',
    tcUrl: 'rtmp://host/live?k=url&far=url',
  });
  assert.ok(result.ok);
  assert.equal(result.name, 'live/main');
  assert.deepEqual(
    result.query,
    new Map([
      ['k', 'last'],
      ['far', 'url'],
      ['only', 'app'],
    ]),
  );
});

test('a query with broken encoding or odd keys does not throw', () => {
  const result = parseStreamName({ app: 'live', name: 'a?x=%zz&&=&__proto__=1&y' });
  assert.ok(result.ok);
  assert.deepEqual(
    result.query,
    new Map([
      ['x', '%zz'],
      ['', ''],
      ['__proto__', '1'],
      ['y', ''],
    ]),
  );
});

test('a path takes its query along', () => {
  const result = parseStreamPath('/live/main.flv?wait=5#x');
  assert.ok(result.ok);
  assert.equal(result.name, 'live/main');
  assert.equal(result.query.get('wait'), '5#x');
});

test('letters of any script, digits and . _ - ~ are allowed', () => {
  for (const name of ['Ж-канал', '東京', 'hind\u0940', 'a.b_c-d~e', '٣', 'x1.'])
    assert.equal(rtmp('live', name), `live/${name}`);
});

test('a letter and its accent in two code points is the same name as in one', () => {
  assert.equal(rtmp('live', 'cafe\u0301'), 'live/caf\u00e9');
  assert.equal(http('/live/cafe%CC%81.flv'), 'live/caf\u00e9');
});

test('percent-encoding of a path is undone exactly once', () => {
  assert.equal(http('/live/%D0%96.flv'), 'live/Ж');
  assert.equal(http('/%6Cive/m%61in%2Eflv'), 'live/main');
  refusedFor(parseStreamPath('/live/m%2561in'), /"%"/);
  refusedFor(parseStreamPath('/live/a%2Fb'), /"\/" is not allowed/);
  refusedFor(parseStreamPath('/live/a%5Cb'), /"\\" is not allowed/);
  refusedFor(parseStreamPath('/live/%2e%2e/x'), /dot/);
  refusedFor(parseStreamPath('/live/%3Ftoken'), /"\?" is not allowed/);
  for (const broken of ['/live/%', '/live/%zz', '/live/%C3', '/live/%ff']) {
    refusedFor(parseStreamPath(broken), /percent-encoding is broken/);
  }
});

test('an RTMP name is not percent-decoded, and the reason says so', () => {
  refusedFor(parseStreamName({ app: 'live', name: 'caf%C3%A9' }), /without percent-encoding/);
});

test('controls, spaces, invisible and unpaired characters are refused by number, never echoed', () => {
  refusedFor(parseStreamName({ app: 'live', name: 'a\nb' }), /U\+000A/);
  refusedFor(parseStreamName({ app: 'live', name: 'a\0' }), /U\+0000/);
  refusedFor(parseStreamName({ app: 'live', name: 'a\u202eb' }), /U\+202E/);
  refusedFor(parseStreamName({ app: 'live', name: 'a\ud800' }), /U\+D800/);
  for (const invisible of [0x115f, 0x3164, 0x034f, 0xfe0f, 0x180b, 0xe0100, 0x200b, 0x2060, 0xfeff]) {
    const name = `main${String.fromCodePoint(invisible)}`;
    refusedFor(parseStreamName({ app: 'live', name }), new RegExp(`U\\+0?${invisible.toString(16)}`, 'i'));
  }
  refusedFor(parseStreamName({ app: 'live', name: 'a b' }), /a space/);
  refusedFor(parseStreamName({ app: 'live', name: '<b>' }), /"<" is not allowed/);
  refusedFor(parseStreamName({ app: 'li#ve', name: 'a#b' }), /"#" is not allowed/);
});

test('a segment that begins with a dot is refused', () => {
  for (const name of ['.', '..', '.hidden', 'a/../b', 'a/./b'])
    refusedFor(parseStreamName({ app: 'live', name }), /dot/);
});

test('addresses of the server itself cannot be a first segment', () => {
  assert.ok(reservedFirstSegments.length > 0);
  for (const reserved of reservedFirstSegments) {
    refusedFor(parseStreamName({ app: reserved, name: 'main' }), /address of the server itself/);
    assert.equal(rtmp('live', reserved), `live/${reserved}`);
  }
  assert.equal(rtmp('administrators', 'x'), 'administrators/x');
});

test('a name has two to six segments', () => {
  refusedFor(parseStreamName({ app: '', name: '' }), /empty/);
  refusedFor(parseStreamName({ app: 'live', name: '' }), /needs two/);
  refusedFor(parseStreamPath('/live.flv'), /needs two/);
  assert.equal(rtmp('a/b/c', 'd/e/f'), 'a/b/c/d/e/f');
  refusedFor(parseStreamName({ app: 'a/b/c', name: 'd/e/f/g' }), /7 parts/);
});

test('a segment has at most 128 characters, counted as people do', () => {
  assert.equal(rtmp('live', 'x'.repeat(128)).length, 133);
  assert.ok(parseStreamName({ app: 'live', name: '𐐀'.repeat(128) }).ok);
  refusedFor(parseStreamName({ app: 'live', name: 'x'.repeat(129) }), /longer than 128/);
  refusedFor(parseStreamName({ app: 'live', name: 'x'.repeat(1_000_000) }), /too long/);
  refusedFor(parseStreamPath(`/live/${'%'.repeat(1_000_000)}`), /too long/);
});

test('a long token behind a short name is no fault', () => {
  assert.equal(rtmp('live', `main?token=${'x'.repeat(10_000)}`), 'live/main');
});

test('no reason ever holds any part of the query', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (app, name) => {
      const result = parseStreamName({ app, name: `${name}?secretsecret=hunter2` });
      if (!result.ok) assert.doesNotMatch(result.reason, /secretsecret|hunter2/);
    }),
  );
});

test('any text gives a name or a reason, and a name survives its own path', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[a-z%?/.:#]*$/));
  fc.assert(
    fc.property(text, text, (app, name) => {
      parseStreamPath(name);
      const result = parseStreamName({ app, name });
      if (!result.ok || result.name.endsWith('.flv')) return;
      assert.equal(http(`/${encodeStreamPath(result.name)}.flv`), result.name);
      assert.equal(rtmp(result.name, ''), result.name.replace(/\/_definst_$/, ''));
    }),
    { numRuns: 1000 },
  );
});

test('the name of a Cyrillic stream comes back from its own path', () => {
  const path = encodeStreamPath('live/Ж~1');
  assert.equal(path, 'live/%D0%96~1');
  assert.equal(http(`/${path}.flv`), 'live/Ж~1');
});
