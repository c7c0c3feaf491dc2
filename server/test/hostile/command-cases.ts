import { type AmfValue, amfEcmaArray, amfObject } from '../../../shared/amf/amf-value.ts';
import { concatBytes } from '../../../shared/bytes/concat.ts';
import { command, connect, foreign, many, message, text } from './bytes.ts';
import { breaks, type HostileCase, type Inputs, isRefused, isStood } from './case.ts';

/** Behind a handshake: what comes before connect, or in it. */
export const orderCases: readonly HostileCase[] = [
  ...breaks('out-of-order', {
    'publish before connect': command(0, 'publish', null, 'a'),
    'play before connect': command(1, 'play', null, 'a'),
    'createStream before connect': command(0, 'createStream'),
    'an answer before connect': command(0, '_result', null),
    'a command whose name breaks a line, before connect': command(0, 'a\r\n{"level":"fatal"}'),
    'two connects': concatBytes([connect(), connect()]),
  }),
  ...breaks('too-large', {
    'too much before connect': many(1100, () => message(8, new Uint8Array(128))),
  }),
  ...isStood({
    'media before connect': concatBytes([foreign(8, 1), foreign(9, 1)]),
    'connect with a number for an object': command(0, 'connect', 7),
    'connect with a number for an app': connect({ app: 7 }),
    'connect without a tcUrl': command(0, 'connect', amfObject({ app: 'live' })),
    'connect with objects for texts': connect({ flashVer: amfObject({}), tcUrl: [1], swfUrl: true }),
    'connect with a text of 60 KB': connect({ swfUrl: text(60_000) }),
    'connect with keys of Object.prototype': connect({
      ['__proto__']: amfObject({ app: 'evil' }),
      constructor: 1,
      toString: 2,
    }),
    'connect with capabilities that are none': connect({
      capsEx: Number.NaN,
      fourCcList: new Array<string>(3000).fill('hvc1'),
      videoFourCcInfoMap: amfEcmaArray({ ['__proto__']: 7, '*': -1 }),
    }),
    'connect with an app that breaks a line': connect({
      app: 'live\r\n{"level":"fatal"}',
      flashVer: 'x\r\ny\u2028z\u001b[31m',
    }),
  }),
];

/** Names that no stream can have. */
const badNames = [
  ...[
    '',
    '/',
    '..',
    '../../etc/passwd',
    './a',
    '.a',
    'a/../../b',
    'a\\b',
    'a\0b',
    'a\r\nb',
    'a\nlevel=fatal',
  ],
  ...['a b', 'a%2e%2e%2fb', 'a<script>', "a'--", 'a\u202eb', 'a\u200bb', 'a\ufe0f'],
  ...[text(129), 'a/b/c/d/e/f/g', text(60_000)],
];
const noNames: readonly AmfValue[] = [undefined, null, true, 7, Number.NaN, [], amfObject({})];
const noValues: readonly AmfValue[] = [Number.NaN, -1, 1e300, [], amfObject({ a: 1 }), 'x'];

const asked = (what: 'publish' | 'play', name: AmfValue): readonly [string, Uint8Array] => {
  const isLong = typeof name === 'string' && name.length > 30;
  const words = typeof name === 'string' ? JSON.stringify(name) : String(name) || 'an array';
  const shown = isLong ? `${name.length} letters` : words;
  return [`${what} of ${shown}`, command(1, what, null, name, ...(what === 'publish' ? ['live'] : []))];
};

/** Commands that have an argument, and others that some take for one. */
const withArgument = ['deleteStream', 'closeStream', 'pause', 'seek', 'receiveAudio', 'receiveVideo'];
const byName = ['FCPublish', 'FCUnpublish', 'releaseStream', 'getStreamLength'];
const strange = ['FCSubscribe', 'onStatus', '_error', '_result', '@setDataFrame'];
const keysOfObjects = ['constructor', '__proto__', 'toString'];

const refusedNames: Inputs = Object.fromEntries([
  ...badNames.map((name) => asked('publish', name)),
  ...badNames.map((name) => asked('play', name)),
  ...noNames.map((name) => asked('publish', name)),
  ['publish(false)', command(1, 'publish', null, false)],
]);

/** Behind a connect: what nobody should ask for. */
export const requestCases: readonly HostileCase[] = [
  ...isRefused('name-invalid', refusedNames),
  ...isRefused('key-in-use', {
    'publish of a key that is taken, and media behind it': concatBytes([
      command(1, 'publish', null, 'a', 'live'),
      foreign(9, 1),
      foreign(8, 1),
    ]),
    'publish of the same key written otherwise': command(1, 'publish', null, '/a.flv?x=1', 'live'),
  }),
  ...breaks('too-many', { '201 commands': many(202, () => command(0, '_checkbw')) }),
  ...isStood({
    'play(false)': command(1, 'play', null, false),
    'media without a publish': concatBytes(
      [0, 1, 2, 0xffffffff].flatMap((id) => [foreign(8, id), foreign(9, id), foreign(18, id)]),
    ),
    'commands whose name is 60 KB': command(0, text(60_000)),
    'commands of every sort with nothing behind them': concatBytes(
      [...withArgument, ...byName, ...strange, ...keysOfObjects].map((name) => command(1, name)),
    ),
    'the same with what makes no sense': concatBytes(
      [...withArgument, ...byName].flatMap((name) => noValues.map((value) => command(1, name, null, value))),
    ),
    'streams that are made up': concatBytes([
      command(0xffffffff, 'closeStream'),
      command(77, 'deleteStream', null, 0xffffffff),
      command(0, 'deleteStream', null, 2 ** 40),
    ]),
    '20 streams': many(20, () => command(0, 'createStream')),
  }),
];
