import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RtmpAddress } from './rtmp-address.ts';
import { parseStreamName } from './stream-name.ts';

// What people type, how their program cuts it, and what is meant. FFmpeg's cuts are from ffmpeg 5.1.9, which pushed each of these
// addresses; those of OBS 29 and rtmpdump are from captures; those of others from their sources and public reports.

interface Client {
  readonly flashVer: string;
  /** It gives the first field as swfUrl as well. */
  readonly tellsSwf?: boolean;
}

const clients = {
  ffmpeg: { flashVer: 'FMLE/3.0 (compatible; Lavf59.27.100)' },
  ffplay: { flashVer: 'LNX 9,0,124,2' },
  rtmpdump: { flashVer: 'LNX 10,0,32,18' },
  'GStreamer rtmpsink': { flashVer: '' },
  RootEncoder: { flashVer: 'FMLE/3.0 (compatible; Lavf57.56.101)' },
  OBS: { flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)', tellsSwf: true },
  HaishinKit: { flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)', tellsSwf: true },
  unknown: { flashVer: 'FMLE/3.0 (compatible; replay)' },
} as const satisfies Record<string, Client>;

function addressFrom(client: keyof typeof clients, app: string, name: string): RtmpAddress {
  const { flashVer, tellsSwf }: Client = clients[client];
  const tcUrl = `rtmp://media.example:1935/${app}`;
  return { app, name, tcUrl, flashVer, swfUrl: tellsSwf ? tcUrl : '' };
}

type Row = readonly [
  client: keyof typeof clients,
  typed: string,
  app: string,
  name: string,
  meant: string,
  query?: Readonly<Record<string, string>>,
];

/** Two fields are written with a space between. */
const rows: readonly Row[] = [
  // The whole name before the query: all behind the first "?" is the query.
  ['ffmpeg', 'live/slash?token=ab/cd', 'live/slash?token=ab', 'cd', 'live/slash', { token: 'ab/cd' }],
  ['ffplay', 'live/slash?token=ab/cd', 'live/slash?token=ab', 'cd', 'live/slash', { token: 'ab/cd' }],
  ['rtmpdump', 'live/slash?token=ab/cd', 'live/slash?token=ab', 'cd', 'live/slash', { token: 'ab/cd' }],
  ['ffmpeg', 'live/main?sign=abc/def==', 'live/main?sign=abc', 'def==', 'live/main', { sign: 'abc/def==' }],
  ['GStreamer rtmpsink', 'live/main?s=abc/d==', 'live/main?s=abc', 'd==', 'live/main', { s: 'abc/d==' }],
  ['unknown', 'live/main?s=abc/d+e', 'live/main?s=abc', 'd+e', 'live/main', { s: 'abc/d+e' }],
  ['unknown', 'live/main?s=a/b&u=1', 'live/main?s=a', 'b&u=1', 'live/main', { s: 'a/b', u: '1' }],
  ['ffmpeg', 'live/key?secret=a/b/c', 'live/key?secret=a', 'b/c', 'live/key', { secret: 'a/b/c' }],
  ['rtmpdump', 'live/key?secret=a/b/c', 'live/key?secret=a/b', 'c', 'live/key', { secret: 'a/b/c' }],
  ['ffmpeg', 'live/key?t=a+b/c%2Fd=', 'live/key?t=a+b', 'c%2Fd=', 'live/key', { t: 'a+b/c/d=' }],
  [
    'ffmpeg',
    'live/slash?token=ab/cd.mp4',
    'live/slash?token=ab',
    'mp4:cd.mp4',
    'live/slash',
    { token: 'ab/cd.mp4' },
  ],
  ['ffmpeg', 'live/k?u=http://h/x.png', 'live', 'k?u=http://h/x.png', 'live/k', { u: 'http://h/x.png' }],
  [
    'RootEncoder',
    'live/100044?id=1&cover=http://h/x.png',
    'live/100044?id=1&cover=http:',
    '/h/x.png',
    'live/100044',
    { id: '1', cover: 'http://h/x.png' },
  ],
  ['ffmpeg', 'live/a?x=1?y/z', 'live/a?x=1?y', 'z', 'live/a', { x: '1?y/z' }],
  ['ffmpeg', 'live/_definst_/key?t=a/b', 'live/_definst_', 'key?t=a/b', 'live/key', { t: 'a/b' }],
  ['ffmpeg', 'live/a/b?t=1/2', 'live/a', 'b?t=1/2', 'live/a/b', { t: '1/2' }],
  ['ffmpeg', '/live//key?t=a/b', '/live', '/key?t=a/b', 'live/key', { t: 'a/b' }],
  ['ffmpeg', 'live/slash/?token=ab', 'live/slash', '?token=ab', 'live/slash', { token: 'ab' }],
  // A slash at the end is a slip.
  ['ffmpeg', 'live/key?sig=abc/', 'live/key?sig=abc', '', 'live/key', { sig: 'abc' }],
  ['ffmpeg', 'live?token=ab/key/', 'live?token=ab/key', '', 'live/key', { token: 'ab' }],
  // A query behind the app, and then the key, as MediaMTX and others document it.
  ['ffmpeg', 'live?token=ab/cd', 'live?token=ab', 'cd', 'live/cd', { token: 'ab' }],
  ['unknown', 'live?token=ab/cd', 'live?token=ab', 'cd', 'live/cd', { token: 'ab' }],
  ['RootEncoder', 'live?test=qwer/123456', 'live?test=qwer', '123456', 'live/123456', { test: 'qwer' }],
  ['ffmpeg', 'live?a=1/key?b=2', 'live?a=1', 'key?b=2', 'live/key', { a: '1', b: '2' }],
  ['ffmpeg', 'live?a=1/key?b=2/3', 'live?a=1/key?b=2', '3', 'live/key', { a: '1', b: '2/3' }],
  ['ffmpeg', 'live?s=ab/c=/key', 'live?s=ab/c=', 'key', 'live/key', { s: 'ab/c=' }],
  ['ffmpeg', 'live?s=a+b/c+/key', 'live?s=a+b/c+', 'key', 'live/key', { s: 'a+b/c+' }],
  ['ffmpeg', 'live/_definst_?t=1/key', 'live/_definst_?t=1', 'key', 'live/key', { t: '1' }],
  ['unknown', 'live?token=ab c/d', 'live?token=ab', 'c/d', 'live/c/d', { token: 'ab' }],
  ['unknown', 'live#token=ab/cd', 'live#token=ab', 'cd', 'live/cd', { token: 'ab' }],
  // Two fields: the cut is the person's, whatever a query holds.
  ['OBS', 'live obs?token=a/b==', 'live', 'obs?token=a/b==', 'live/obs', { token: 'a/b==' }],
  ['OBS', 'live?token=ab cd', 'live?token=ab', 'cd', 'live/cd', { token: 'ab' }],
  ['OBS', 'live/slash?token=ab cd', 'live/slash?token=ab', 'cd', 'live/slash/cd', { token: 'ab' }],
  ['OBS', 'live?sig=ab/cd ef', 'live?sig=ab/cd', 'ef', 'live/ef', { sig: 'ab/cd' }],
  ['OBS', 'live?a=1 key?b=2/3', 'live?a=1', 'key?b=2/3', 'live/key', { a: '1', b: '2/3' }],
  ['OBS', 'live/slash?token=ab/cd (no key)', 'live/slash?token=ab/cd', '', 'live/slash', { token: 'ab/cd' }],
  ['OBS', 'live/main ?user=a/b', 'live/main', '?user=a/b', 'live/main', { user: 'a/b' }],
  ['HaishinKit', 'live/sub?token=ab cd', 'live/sub?token=ab', 'cd', 'live/sub/cd', { token: 'ab' }],
];

describe('An address means', () => {
  for (const [client, typed, app, name, meant, query = {}] of rows) {
    it(`${meant} in ${client}: ${typed}`, () => {
      const result = parseStreamName(addressFrom(client, app, name));
      assert.ok(result.ok, result.ok ? '' : result.reason);
      assert.equal(result.name, meant);
      assert.deepEqual(Object.fromEntries(result.query), query);
    });
  }
});

const slash = /a slash \("\/"\) stands behind its question mark.*%2F/;
const missing =
  /one part and needs two, an app and a key; what stands behind a question mark is no part of it/;

describe('An address is refused, and the reason names the fault', () => {
  for (const [client, typed, app, name, reason] of [
    ['ffmpeg', 'live?sign=ab/cd=', 'live?sign=ab', 'cd=', missing],
    ['ffmpeg', 'live?sign=a/b/cd==', 'live?sign=a/b', 'cd==', missing],
    ['unknown', 'live?sign=ab/cd=', 'live?sign=ab', 'cd=', missing],
    ['RootEncoder', 'mystream?user=alice&pass=x', 'mystream?', 'user=alice&pass=x', missing],
    ['ffmpeg', 'live?token=ab', 'live?token=ab', '', /one part and needs two/],
    ['OBS', 'live?token=ab/cd (no key)', 'live?token=ab/cd', '', /one part and needs two/],
    ['ffmpeg', 'live?sig=ab/cd/ef', 'live?sig=ab/cd', 'ef', slash],
    ['GStreamer rtmpsink', 'live?sig=ab/cd/ef', 'live?sig=ab/cd', 'ef', slash],
    ['unknown', 'live/slash?token=ab/cd', 'live/slash?token=ab', 'cd', slash],
    ['unknown', 'live/slash?token=ab/c/d', 'live/slash?token=ab', 'c/d', slash],
    ['ffmpeg', 'live/key&token=a', 'live', 'key&token=a', /"&" \(a query begins with a question mark\)/],
    ['ffmpeg', 'live/key#frag', 'live', 'key#frag', /"#" is not allowed/],
    ['ffmpeg', 'live/key%3Ftoken=a', 'live', 'key%3Ftoken=a', /without percent-encoding/],
    ['OBS', 'live/sub?x=1 my key', 'live/sub?x=1', 'my key', /a space is not allowed/],
    ['unknown', 'live/sub?x=1 my key', 'live/sub?x=1', 'my key', /a space is not allowed/],
    ['unknown', 'live?x=1 my key', 'live?x=1', 'my key', /a space is not allowed/],
    ['ffmpeg', 'api/key?t=a/b', 'api/key?t=a', 'b', /"api" is an address of the server itself/],
  ] as const) {
    it(`in ${client}: ${typed}`, () => {
      const result = parseStreamName(addressFrom(client, app, name));
      assert.ok(!result.ok, result.ok ? result.name : '');
      assert.match(result.reason, reason);
    });
  }
});

it('a tcUrl with all that was typed tells the cut of a program that nobody knows', () => {
  const address = addressFrom('unknown', 'live/slash?token=ab', 'cd');
  const result = parseStreamName({ ...address, tcUrl: 'rtmp://media.example/live/slash?token=ab/cd' });
  assert.ok(result.ok);
  assert.deepEqual([result.name, result.query.get('token')], ['live/slash', 'ab/cd']);
});

/** The rules of programs with one field, as their sources have them: where the path is cut. */
const rules = {
  ffmpeg: ['ffmpeg', (path: string) => nthSlash(path, 2) ?? nthSlash(path, 1)],
  librtmp: ['rtmpdump', (path: string) => nthSlash(path, 3) ?? nthSlash(path, 2) ?? nthSlash(path, 1)],
  GStreamer: [
    'GStreamer rtmpsink',
    (path: string) => (path.includes('/') ? path.lastIndexOf('/') : undefined),
  ],
} as const;

function nthSlash(path: string, nth: number): number | undefined {
  let at = -1;
  for (let i = 0; i < nth; i++) {
    at = path.indexOf('/', at + 1);
    if (at < 0) return undefined;
  }
  return at;
}

describe('Whatever stands in a query', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const path = fc.array(part, { minLength: 2, maxLength: 6 }).map((parts) => parts.join('/'));
  const token = fc.stringMatching(/^[A-Za-z0-9+/]{1,40}={0,2}$/).filter((text) => !text.endsWith('/'));

  for (const [program, [client, cut]] of Object.entries(rules)) {
    it(`${program} publishes what was typed, or is told of the slash`, () => {
      fc.assert(
        fc.property(path, token, (name, secret) => {
          const typed = `${name}?token=${secret}`;
          const at = cut(typed) ?? typed.length;
          const result = parseStreamName(addressFrom(client, typed.slice(0, at), typed.slice(at + 1)));
          if (!result.ok) {
            assert.match(result.reason, slash);
            assert.equal(client, 'GStreamer rtmpsink', 'a program that is known is understood');
            return;
          }
          assert.equal(result.name, name);
          assert.equal(result.query.get('token'), secret);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('OBS publishes what was typed into its two fields', () => {
    fc.assert(
      fc.property(path, part, token, token, (server, key, first, second) => {
        fc.pre(server.split('/').length < 6);
        const result = parseStreamName(addressFrom('OBS', `${server}?a=${first}`, `${key}?b=${second}`));
        assert.ok(result.ok);
        assert.equal(result.name, `${server}/${key}`);
        assert.deepEqual(Object.fromEntries(result.query), { a: first, b: second });
      }),
    );
  });

  it('a reason never holds any of it, and it never takes long', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z/?#&=%:. ]*$/));
    fc.assert(
      fc.property(text, text, text, fc.constantFrom(...Object.keys(clients)), (app, query, name, client) => {
        const secret = 'SECRETSECRET';
        const full = [`${app}?${query}${secret}`, `${secret}/${name}?${secret}`] as const;
        const result = parseStreamName(addressFrom(client as keyof typeof clients, ...full));
        if (!result.ok) assert.doesNotMatch(result.reason, /SECRET|\?(?!")/);
      }),
      { numRuns: 1000 },
    );
    const slashes = parseStreamName(addressFrom('ffmpeg', 'live?t=a', 'b/'.repeat(100_000)));
    assert.equal(slashes.ok, false);
  });
});
