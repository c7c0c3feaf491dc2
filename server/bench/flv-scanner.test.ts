import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { detached } from '../../shared/testing/detached.ts';
import { everySplit } from '../../shared/testing/every-split.ts';
import { FlvScanner } from './flv-scanner.ts';
import { writeFrameMark } from './frame-mark.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { type LoadState, MediaCheck } from './media-check.ts';
import { SyntheticStream, syntheticHeaders } from './synthetic-stream.ts';

const header = encodeFlvHeader({ audio: true, video: true });

/** Small frames, each with its own bytes. */
function someFrames(count: number): FlvTag[] {
  const stream = new SyntheticStream({ videoKbps: 16, fps: 30, gop: 4, audioKbps: 16 });
  const frames = Array.from({ length: count }, () => {
    const message = stream.next();
    return { ...message, body: message.body.slice() };
  });
  return [...syntheticHeaders(), ...frames];
}

const videoOf = (tags: readonly FlvTag[]): FlvTag[] =>
  tags.filter(({ kind, body }) => kind === 'video' && body[1] === 1);

function newLoad(): LoadState {
  return { nowUs: 1, measuring: true, latency: new LatencyHistogram() };
}

function scan(parts: readonly Uint8Array[], load = newLoad(), openedUs = 0) {
  const check = new MediaCheck(load, openedUs);
  const scanner = new FlvScanner(check);
  let error: string | undefined;
  for (const part of parts) error ??= scanner.push(part, 0, part.length);
  return { check, scanner, error, load };
}

test('a good stream is counted without fault, however it is cut', () => {
  const tags = someFrames(12);
  const bytes = concatBytes([header, encodeFlvTags(tags)]);
  everySplit(bytes, (parts) => {
    const { check, scanner, error, load } = scan(parts);
    assert.equal(error, undefined);
    assert.equal(scanner.tags, tags.length);
    assert.equal(check.gaps, 0);
    assert.equal(check.regressions, 0);
    assert.equal(load.latency.total, videoOf(tags).length);
    assert.equal(check.firstKeyframeUs, 1);
  });
});

test('only the given part of the array is read', () => {
  const bytes = concatBytes([Uint8Array.of(1, 2, 3), header, encodeFlvTags(someFrames(2)), Uint8Array.of(9)]);
  const scanner = new FlvScanner(new MediaCheck(newLoad(), 0));
  assert.equal(scanner.push(bytes, 3, bytes.length - 1), undefined);
  assert.equal(scanner.tags, 4);
});

test('a missing frame is one gap', () => {
  const tags = someFrames(20);
  const lost = videoOf(tags)[3]!;
  const { check, error } = scan([header, encodeFlvTags(tags.filter((tag) => tag !== lost))]);
  assert.equal(error, undefined);
  assert.equal(check.gaps, 1);
});

test('time that goes back is counted on its own track only', () => {
  const [frame] = videoOf(someFrames(4));
  const audio = (timestampMs: number): FlvTag => ({
    kind: 'audio',
    timestampMs,
    body: Uint8Array.of(0xaf, 1, 0),
  });
  const late = { ...frame!, timestampMs: 500 };
  const { check } = scan([header, encodeFlvTags([late, audio(400), audio(400), audio(399)])]);
  assert.equal(check.regressions, 1);
});

test('latency is what lies between the mark and the end of the frame', () => {
  const [frame] = videoOf(someFrames(4));
  writeFrameMark(frame!.body, 5_000_000_000, 7);
  const load = newLoad();
  load.nowUs = 5_000_002_000;
  scan([header, encodeFlvTags([frame!])], load);
  assert.equal(load.latency.total, 1);
  assert.ok(Math.abs(load.latency.percentileMs(0.5)! - 2) < 0.04);
});

test('what was sent before the viewer came is no latency, and outside of the window nothing is', () => {
  const [frame] = videoOf(someFrames(4));
  writeFrameMark(frame!.body, 1000, 0);
  const bytes = [header, encodeFlvTags([frame!])];
  const { check, load } = scan(bytes, newLoad(), 1001);
  assert.equal(load.latency.total, 0);
  assert.equal(check.firstKeyframeUs, 1);
  assert.equal(scan(bytes, { ...newLoad(), measuring: false }).load.latency.total, 0);
});

test('bytes that are no FLV are said to be wrong', () => {
  const tags = encodeFlvTags(someFrames(1));
  const wrongType = detached(tags);
  wrongType[0] = 7;
  const wrongEnd = detached(tags);
  wrongEnd[wrongEnd.length - 1] = 0xee;
  assert.match(scan([Uint8Array.from({ length: 13 }, () => 65)]).error ?? '', /begin with an FLV header/);
  assert.match(scan([header, wrongType]).error ?? '', /tag of type 7/);
  assert.match(scan([header, wrongEnd]).error ?? '', /back pointer/);
});

test('an empty body is a tag like others', () => {
  const { scanner, error } = scan([
    header,
    encodeFlvTags([{ kind: 'data', timestampMs: 0, body: new Uint8Array() }, ...someFrames(1)]),
  ]);
  assert.equal(error, undefined);
  assert.equal(scanner.tags, 4);
});
