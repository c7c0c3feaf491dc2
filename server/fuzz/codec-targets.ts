import { decodeAmf0 } from '../../shared/amf/amf0-decode.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/bytes/utf8.ts';
import { decodeAacConfig } from '../../shared/codec/aac-config.ts';
import { decodeAv1Config } from '../../shared/codec/av1-config.ts';
import { decodeAv1PictureSize } from '../../shared/codec/av1-sequence-header.ts';
import { decodeAvcConfig } from '../../shared/codec/avc-config.ts';
import { decodeFlacConfig } from '../../shared/codec/flac-config.ts';
import { decodeHevcConfig } from '../../shared/codec/hevc-config.ts';
import { decodeMp3Header } from '../../shared/codec/mp3-frame.ts';
import { decodeOpusConfig } from '../../shared/codec/opus-config.ts';
import { decodeVp8Keyframe } from '../../shared/codec/vp8-frame.ts';
import { decodeVp9Keyframe, decodeVpConfig } from '../../shared/codec/vp9-config.ts';
import { FlvReader } from '../../shared/flv/flv-reader.ts';
import { decodeOnMetaData, stripSetDataFrame } from '../../shared/flv/script-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { describeAudio, describeVideo } from '../../shared/media/describe-tracks.ts';
import { flvPlayableBody } from '../../shared/media/player-support.ts';
import { parseStreamName, parseStreamPath } from '../../shared/media/stream-name.ts';
import { goldenBytes, goldenVectors } from '../../shared/testing/golden.ts';
import { PublisherAuth, withoutAuth } from '../rtmp/publisher-auth.ts';
import { redactQuery } from '../rtmp/redact-query.ts';
import { captureBytes, HANDSHAKE } from '../test/rtmp-kit.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import { attempt, whole } from './attempt.ts';
import { messagesOf } from './mutate-chunks.ts';
import type { FuzzTarget } from './target.ts';

const messages = ['publish-ffmpeg5-av', 'publish-obs29-av', 'play-rtmpdump'].flatMap((name) =>
  messagesOf(captureBytes(name).subarray(HANDSHAKE)),
);
const bodiesOf = (...types: readonly number[]): Uint8Array[] =>
  messages.filter(({ typeId }) => types.includes(typeId)).map(({ body }) => body);
const records = [
  ...goldenVectors('codec/video-records.json'),
  ...goldenVectors('codec/audio-records.json'),
].map(({ bytes }) => bytes);
const tagBodies = goldenVectors<{ kind: string }>('flv/bodies.json').map(({ bytes }) => bytes);
const amf0Values = bodiesOf(18, 20);
/** The AMF0 marker that announces a value of AMF3, then one of each sort. */
const amf3Values = [
  [0x11, 0x0a, 0x0b, 0x01, 0x03, 0x61, 0x06, 0x05, 0x62, 0x63, 0x01],
  [0x11, 0x09, 0x05, 0x01, 0x04, 0x01, 0x06, 0x03, 0x78],
  [0x11, 0x0a, 0x23, 0x03, 0x41, 0x03, 0x61, 0x03, 0x62, 0x04, 0x01, 0x0a, 0x02],
  [0x11, 0x0d, 0x05, 0x00, 0, 0, 0, 1, 0, 0, 0, 2],
  [0x11, 0x10, 0x03, 0x00, 0x01, 0x04, 0x05],
  [0x11, 0x11, 0x03, 0x00, 0x06, 0x03, 0x61, 0x05, 0, 0, 0, 0, 0, 0, 0, 0],
  [0x11, 0x0c, 0x07, 1, 2, 3, 0x08, 0x01, 0, 0, 0, 0, 0, 0, 0, 0],
].map((bytes) => Uint8Array.from(bytes));

const recordDecoders = [
  decodeAvcConfig,
  decodeHevcConfig,
  decodeAv1Config,
  decodeAv1PictureSize,
  decodeVpConfig,
  decodeVp8Keyframe,
  decodeVp9Keyframe,
  decodeAacConfig,
  decodeFlacConfig,
  decodeOpusConfig,
  decodeMp3Header,
] as const;

const logins = [
  'live',
  'live?authmod=adobe&user=me',
  'live?authmod=adobe&user=me&challenge=YWJjZA==&response=YWJjZGVmZ2hpamtsbW5vcA==&opaque=x',
  'live?authmod=llnw&user=me&nonce=x&cnonce=y&nc=00000001&response=z',
];

const names = [
  'live\nmain',
  'live\n%E4%B8%AD?token=x',
  '..\n/a//b',
  'a/b\nc/../__proto__',
  'live\nrtmp://h/live/x',
  'live/slash?token=ab\ncd',
  'live?s=a/b=/key?b=2\n3',
];

export const codecTargets: readonly FuzzTarget[] = [
  whole('amf0', amf0Values, (bytes, trace) => attempt(trace, () => decodeAmf0(bytes))),
  whole('amf3', amf3Values, (bytes, trace) => attempt(trace, () => decodeAmf0(bytes))),
  {
    name: 'flv',
    seeds: [goldenBytes('flv/ffmpeg5-av.flv')],
    run(parts, trace) {
      const reader = new FlvReader();
      for (const part of parts) {
        reader.push(part);
        for (let tag = reader.next(); tag; tag = reader.next()) trace.add(tag);
      }
    },
  },
  whole('script', amf0Values, (bytes, trace) => {
    attempt(trace, () => decodeOnMetaData(bytes));
    attempt(trace, () => decodeOnMetaData(stripSetDataFrame(bytes)));
  }),
  whole('codec', records, (bytes, trace) => {
    for (const decode of recordDecoders) attempt(trace, () => decode(bytes));
  }),
  // Nothing in the media path may throw: what cannot be understood is passed on.
  whole('media', [...tagBodies, ...bodiesOf(8, 9).slice(0, 40)], (bytes, trace) => {
    for (const kind of ['audio', 'video', 'data'] as const) {
      trace.add(classifyPacket(kind, bytes));
      trace.add(flvPlayableBody(kind, bytes));
    }
    trace.add(describeVideo(bytes));
    trace.add(describeAudio(bytes));
  }),
  whole('login', logins.map(encodeUtf8), (bytes, trace) => {
    const app = decodeUtf8(bytes);
    const auth = new PublisherAuth({ user: 'me', password: 'secret' }, nodeCrypto);
    const verdict = auth.judge({ app, flashVer: '' }, 0);
    if (verdict.type === 'passed') throw new Error('a login without the password');
    trace.add(verdict.type);
    trace.add(withoutAuth(app));
    trace.add(redactQuery(app));
  }),
  whole('name', names.map(encodeUtf8), (bytes, trace) => {
    const text = decodeUtf8(bytes);
    const [app = '', name = ''] = text.split('\n');
    const flashVer = ['', 'LNX 9,0,124,2'][bytes.length % 2]!;
    const parsed = parseStreamName({ app, name, flashVer });
    trace.add(parsed);
    trace.add(parseStreamPath(text));
    if (!parsed.ok) return;
    if (/(^|\/)\.|[\p{Cc}?#\\]/u.test(parsed.name)) throw new Error(`a name with a trick: ${parsed.name}`);
    const again = parseStreamPath(`/${parsed.name.split('/').map(encodeURIComponent).join('/')}`);
    if (!again.ok || again.name !== parsed.name) throw new Error(`a name that changes: ${parsed.name}`);
  }),
];
