import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { rtmpContainer } from '../output/rtmp-container.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { type FakeSink, HubHarness, testLimits } from '../test/hub-harness.ts';

const ALL = { audio: true, video: true };
const SOUND = { audio: true, video: false };
const PICTURES = { audio: false, video: true };
const NOTHING = { audio: false, video: false };
const container = rtmpContainer(4096, 1);

/** `keyframe 40` and the like, for each message that an RTMP player got. */
function story(sink: FakeSink): string[] {
  const reader = new ChunkReader();
  reader.feed(Uint8Array.of(2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 16, 0));
  reader.next();
  reader.feed(concatBytes(sink.parts));
  const lines: string[] = [];
  for (let message = reader.next(); message; message = reader.next()) {
    const kind = message.typeId === 8 ? 'audio' : message.typeId === 9 ? 'video' : 'data';
    const role = classifyPacket(kind, message.body);
    lines.push(`${role === 'config' ? `${kind} ` : ''}${role} ${message.timestamp}`);
  }
  return lines;
}

function onAir() {
  const world = new HubHarness();
  const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
  const viewer = world.watch('live/a', { container });
  const before = story(viewer.sink).length;
  return { world, encoder, viewer, since: () => story(viewer.sink).slice(before) };
}

describe('A viewer who asked for so much', () => {
  const short = rtmpContainer(4096, 1, { durationMs: 100 });

  it('gets what lies before that time, counted from its first picture, and is ended', () => {
    const { world, encoder, viewer: other } = onAir();
    encoder.send(['interframe', 40]);
    const viewer = world.watch('live/a', { container: short });
    encoder.send(['interframe', 80], ['audio', 85]);
    assert.equal(viewer.sink.ended, undefined);
    encoder.send(['audio', 99], ['interframe', 120]);
    assert.equal(viewer.sink.ended, 'played-out');
    const times = story(viewer.sink).map((line) => line.split(' ').at(-1));
    assert.deepEqual(times, ['0', '0', '0', '5', '40', '80', '85', '99']);
    assert.equal(other.sink.ended, undefined);
  });

  it('is ended also while it is paused', () => {
    const { world, encoder } = onAir();
    const viewer = world.watch('live/a', { container: short });
    viewer.select(NOTHING);
    encoder.send(['interframe', 120]);
    assert.equal(viewer.sink.ended, 'played-out');
  });

  it('is ended at once where the group of pictures that it starts with is longer', () => {
    const { world, encoder } = onAir();
    encoder.send(['interframe', 80], ['interframe', 160]);
    const viewer = world.watch('live/a', { container: short });
    encoder.send(['interframe', 200]);
    assert.equal(viewer.sink.ended, 'played-out');
    assert.ok(story(viewer.sink).every((line) => Number(line.split(' ').at(-1)) < 100));
  });
});

describe('A viewer who chooses tracks', () => {
  it('gets sound alone from the next batch on, and pictures again with their header at a keyframe', () => {
    const { encoder, viewer, since } = onAir();
    viewer.select(SOUND);
    encoder.send(['interframe', 40], ['audio', 45]);
    viewer.select(ALL);
    encoder.send(['interframe', 80], ['audio', 85]);
    encoder.send(['keyframe', 120], ['audio', 125], ['interframe', 160]);
    assert.deepEqual(since(), [
      'audio 45',
      'audio 85',
      'video config 120',
      'keyframe 120',
      'audio 125',
      'interframe 160',
    ]);
  });

  it('gets pictures alone, and sound again at once with its header, stamped with the present', () => {
    const { encoder, viewer, since } = onAir();
    viewer.select(PICTURES);
    encoder.send(['interframe', 40], ['audio', 45]);
    viewer.select(ALL);
    encoder.send(['interframe', 80], ['audio', 85]);
    assert.deepEqual(since(), ['interframe 40', 'audio config 45', 'interframe 80', 'audio 85']);
  });

  it('gets nothing while it wants nothing, then headers, sound, and pictures at a keyframe', () => {
    const { encoder, viewer, since } = onAir();
    viewer.select(NOTHING);
    encoder.send(['interframe', 40], ['audio', 45], ['keyframe', 80]);
    assert.deepEqual(since(), []);
    viewer.select(ALL);
    encoder.send(['interframe', 120], ['audio', 125]).send(['keyframe', 160]);
    assert.deepEqual(since(), ['audio config 80', 'audio 125', 'video config 160', 'keyframe 160']);
  });

  it('loses no picture by it that would count as dropped, unless it is slow as well', () => {
    const { world, encoder, viewer } = onAir();
    const dropped = () => world.hub.session(viewer.id)?.droppedVideo;
    viewer.select(SOUND);
    encoder.send(['interframe', 40]);
    viewer.select(ALL);
    encoder.send(['interframe', 80]);
    assert.equal(dropped(), 0);
    viewer.sink.bufferedBytes = testLimits.viewer.queueBytes;
    encoder.send(['interframe', 120]);
    assert.equal(dropped(), 1);
    assert.deepEqual(viewer.sink.news, ['pictures-dropped']);
  });

  it('starts with what it chose when it chose before', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    const viewer = world.watch('live/a', { container });
    viewer.select(SOUND);
    encoder.headers().send(['keyframe', 0], ['audio', 5]);
    assert.deepEqual(story(viewer.sink), ['audio config 0', 'audio 5']);
  });

  it('keeps its choice and its timeline when another publisher takes over', () => {
    const { world, encoder, viewer, since } = onAir();
    viewer.select(SOUND);
    encoder.publisher.leave('dropped');
    assert.deepEqual(viewer.sink.news, ['source-lost']);
    world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    assert.deepEqual(viewer.sink.news, ['source-lost', 'source-back']);
    const lines = since();
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^audio config/);
    assert.match(lines[1] ?? '', /^audio \d+$/);
  });

  it('costs others nothing, shares bytes with who chose the same, and can choose after it has left', () => {
    const { world, encoder, viewer, since } = onAir();
    const [one, two] = [world.watch('live/a', { container }), world.watch('live/a', { container })];
    one.select(SOUND);
    two.select(SOUND);
    encoder.send(['interframe', 40], ['audio', 45]);
    assert.deepEqual(since(), ['interframe 40', 'audio 45']);
    assert.equal(one.sink.parts.at(-1), two.sink.parts.at(-1));
    one.leave();
    one.select(ALL);
    const written = one.sink.writes;
    encoder.send(['keyframe', 80]);
    assert.equal(one.sink.writes, written);
    assert.equal(viewer.sink.ended, undefined);
  });

  it('is a mistake of ours where tracks are fixed', () => {
    const world = new HubHarness();
    world.publish().headers().send(['keyframe', 0]);
    assert.throws(() => world.watch().select(SOUND), /was told its tracks/);
  });
});

describe('A viewer who falls behind', () => {
  it('is told each time it begins, and not for every frame', () => {
    const { encoder, viewer } = onAir();
    viewer.sink.bufferedBytes = testLimits.viewer.queueBytes;
    encoder.send(['interframe', 40]).send(['interframe', 80]);
    assert.deepEqual(viewer.sink.news, ['pictures-dropped']);
    viewer.sink.bufferedBytes = 0;
    encoder.send(['keyframe', 120]);
    viewer.sink.bufferedBytes = testLimits.viewer.queueBytes;
    encoder.send(['interframe', 160]);
    assert.deepEqual(viewer.sink.news, ['pictures-dropped', 'pictures-dropped']);
  });
});
