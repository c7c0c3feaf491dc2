import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFlvHeader } from '../../../shared/flv/flv-header.ts';
import { FlvReader } from '../../../shared/flv/flv-reader.ts';
import type { FlvTag } from '../../../shared/flv/flv-tag.ts';
import { encodeFlvTags } from '../../../shared/flv/flv-writer.ts';
import { ArrivalWatch } from './arrival-watch.ts';
import { FlvRewriter, type PlayedTracks } from './flv-rewriter.ts';
import type { SniffedTracks } from './flv-sniff.ts';

const avcAac: SniffedTracks = { video: 'avc', audio: 'aac', videoString: null, audioString: null };
const both: PlayedTracks = { video: true, audio: true };

const picture = (timestampMs: number, key = true): FlvTag => ({
  kind: 'video',
  timestampMs,
  body: Uint8Array.of(key ? 0x17 : 0x27, 1, 0, 0, 0, 0, 0, 0, 2, key ? 0x65 : 0x41, 0xff),
});
const sound = (timestampMs: number): FlvTag => ({
  kind: 'audio',
  timestampMs,
  body: Uint8Array.of(0xaf, 1, 0x21, 0),
});
const aacHeader: FlvTag = { kind: 'audio', timestampMs: 0, body: Uint8Array.of(0xaf, 0, 0x12, 0x10) };
const alaw = (timestampMs: number): FlvTag => ({
  kind: 'audio',
  timestampMs,
  body: Uint8Array.of(0x72, 1, 2, 3),
});
const silentHex = 'af0121000000001c';

function setUp(tracks: SniffedTracks = avcAac, played: PlayedTracks = both) {
  const arrivals = new ArrivalWatch(0);
  return { arrivals, rewriter: new FlvRewriter(tracks, played, arrivals) };
}

function stream(played: PlayedTracks, ...tags: FlvTag[]): Uint8Array {
  return Uint8Array.of(
    ...encodeFlvHeader({ audio: played.audio, video: played.video }),
    ...encodeFlvTags(tags),
  );
}

/** What an engine reads of it. */
function read(bytes: Uint8Array) {
  const reader = new FlvReader();
  reader.push(bytes);
  const items = [];
  for (let item = reader.next(); item !== undefined; item = reader.next()) items.push(item);
  return items;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a stream in which nothing is missing goes through byte for byte, in any pieces', () => {
  const clip = readFileSync('shared/testdata/flv/ffmpeg5-av.flv');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const { rewriter } = setUp();
      const out: Uint8Array[] = [];
      for (let at = 0, i = 0; at < clip.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        out.push(rewriter.push(clip.subarray(at, at + size), 0));
        at += size;
      }
      assert.equal(hex(Buffer.concat(out)), clip.subarray(0, Buffer.concat(out).length).toString('hex'));
      assert.equal(Buffer.concat(out).length, clip.length);
    }),
    { numRuns: 20 },
  );
});

test('a track that is not played is left out, and not announced', () => {
  const { rewriter, arrivals } = setUp({ ...avcAac, audio: 'g711-a' }, { video: true, audio: false });
  const items = read(rewriter.push(stream(both, picture(0), alaw(0), alaw(20), picture(40, false)), 0));
  assert.deepEqual(
    items.map((item) => (item.kind === 'header' ? [item.audio, item.video] : item.kind)),
    [[false, true], 'video', 'video'],
  );
  assert.equal(rewriter.differs, false);
  assert.equal(arrivals.at(0).sound, null);
  assert.equal(arrivals.at(0).pictures?.frames, 2);
});

test('a codec that changes is noticed at its first frame, which the engine does not get', () => {
  const { rewriter } = setUp();
  rewriter.push(stream(both, aacHeader, picture(0), sound(0)), 0);
  const mp3: FlvTag = { kind: 'audio', timestampMs: 23, body: Uint8Array.of(0x2f, 0xff, 0xfb, 0x90, 0x64) };
  assert.equal(rewriter.push(encodeFlvTags([mp3, sound(46)]), 23).length, 0);
  assert.equal(rewriter.differs, true);
});

test('a track that comes though it was not announced is noticed', () => {
  const { rewriter } = setUp({ ...avcAac, audio: null }, { video: true, audio: false });
  rewriter.push(stream({ video: true, audio: false }, picture(0)), 0);
  rewriter.push(encodeFlvTags([aacHeader]), 10);
  assert.equal(rewriter.differs, true);
});

test('while pictures go on without sound it is silent, in the codec of the track', () => {
  const { rewriter } = setUp();
  rewriter.push(stream(both, aacHeader, picture(0), sound(0)), 0);
  const out: Uint8Array[] = [];
  for (let ms = 40; ms <= 1000; ms += 40) out.push(rewriter.push(encodeFlvTags([picture(ms, false)]), ms));
  const silent = out.flatMap((bytes) => encodeless(bytes)).filter(({ kind }) => kind === 'audio');
  assert.ok(silent.length > 30, `${silent.length} frames of silence`);
  assert.ok(silent.every(({ body }) => hex(body) === silentHex));
  assert.deepEqual(
    silent.slice(0, 3).map(({ timestampMs }) => timestampMs),
    [23, 46, 70],
  );
});

test('what came is noted, with whether a decoder could begin', () => {
  const { rewriter, arrivals } = setUp();
  rewriter.push(stream(both, aacHeader, picture(0, false), sound(0)), 100);
  assert.equal(arrivals.at(100).hasStart, false);
  rewriter.push(encodeFlvTags([picture(40)]), 140);
  assert.equal(arrivals.at(140).hasStart, true);
  assert.equal(arrivals.at(140).sound?.frames, 1);
});

test('bytes that are no FLV any more are said to be none', () => {
  const { rewriter } = setUp();
  assert.throws(() => rewriter.push(Uint8Array.of(...Buffer.from('<!doctype html>')), 0), /FLV/);
});

/** Tags without a header before them. */
function encodeless(bytes: Uint8Array): FlvTag[] {
  return read(Uint8Array.of(...encodeFlvHeader(both), ...bytes)).filter(
    (item): item is FlvTag => item.kind !== 'header',
  );
}
