import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import { goldenVectors } from '../../shared/testing/golden.ts';
import { flvContainer, httpFlvContainer } from '../output/flv-container.ts';
import { relayContainer } from '../output/relay-container.ts';
import { rtmpContainer } from '../output/rtmp-container.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { type FakeSink, HubHarness, type TestPublisher } from '../test/hub-harness.ts';
import { bodies, readFlv } from '../test/media-fixtures.ts';

const opusHead = toHex(new TextEncoder().encode('OpusHead')) + '01023801'.concat('80bb0000', '000000');
/** As FFmpeg 8 sends two sounds: track 0 plain, track 1 in OneTrack packets. */
const opus = {
  config: enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', data: opusHead }),
  speakers: enhancedBody({ kind: 'audio', packetType: 4, fourCc: 'Opus', data: '010200000003' }),
  frame: enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'fcfffe' }),
  config1: enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', data: opusHead, track: 1 }),
  config1b: enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', data: '', track: 1 }),
  frame1: enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'f8aa', track: 1 }),
};
const colour = enhancedBody({ kind: 'video', packetType: 4, frameType: 5, fourCc: 'hvc1', data: '0200' });
const picked = flvContainer('http-flv', { video: 0, audio: 1 });
const capable = rtmpContainer(4096, 1, { takes: { multitrack: true, modEx: true } });

/** `time body` of each message that an RTMP player got. */
function messages(sink: FakeSink): string[] {
  const reader = new ChunkReader();
  reader.feed(Uint8Array.of(2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 16, 0));
  reader.next();
  reader.feed(concatBytes(sink.parts));
  const seen: string[] = [];
  for (let message = reader.next(); message; message = reader.next()) {
    seen.push(`${message.timestamp} ${toHex(message.body)}`);
  }
  return seen;
}

const push = ({ publisher }: TestPublisher, ...media: ['audio' | 'video', number, Uint8Array][]): void => {
  for (const [kind, timestamp, body] of media) publisher.push(kind, timestamp, body);
  publisher.flush();
};
const expected = (...media: [number, Uint8Array][]) => media.map(([at, body]) => `${at} ${toHex(body)}`);

function onAir() {
  const world = new HubHarness();
  const encoder = world.publish();
  push(
    encoder,
    ['video', 0, bodies.videoConfig],
    ['audio', 0, opus.config1],
    ['audio', 0, opus.config],
    ['audio', 0, opus.speakers],
    ['video', 0, colour],
    ['video', 0, bodies.keyframe],
    ['audio', 5, opus.frame],
    ['audio', 6, opus.frame1],
  );
  return { world, encoder };
}

const opening = expected(
  [0, bodies.videoConfig],
  [0, colour],
  [0, opus.config],
  [0, opus.speakers],
  [0, opus.config1],
  [0, bodies.keyframe],
  [5, opus.frame],
  [6, opus.frame1],
);

describe('A stream of several tracks', () => {
  it('begins for a late RTMP player with the headers of every track, colour and loudspeakers, then all frames', () => {
    const { world } = onAir();
    assert.deepEqual(messages(world.watch('live/a', { container: capable }).sink), opening);
  });

  it('reaches another of our processes whole', () => {
    const { world } = onAir();
    const { sink } = world.watch('live/a', { container: relayContainer });
    const tags = readFlv(concatBytes(sink.parts)).tags;
    assert.deepEqual(
      tags.map(({ timestampMs, body }) => `${timestampMs} ${toHex(body)}`),
      opening,
    );
  });

  it('is the default track alone for players that know no more', () => {
    const { world, encoder } = onAir();
    const rtmp = world.watch('live/a', { container: rtmpContainer(4096, 1) });
    const flv = world.watch('live/a', { container: httpFlvContainer });
    push(encoder, ['audio', 25, opus.frame], ['audio', 26, opus.frame1], ['video', 40, bodies.interframe]);
    const frames: [number, Uint8Array][] = [
      [0, bodies.keyframe],
      [5, opus.frame],
      [25, opus.frame],
      [40, bodies.interframe],
    ];
    assert.deepEqual(
      messages(rtmp.sink),
      expected([0, bodies.videoConfig], [0, colour], [0, opus.config], [0, opus.speakers], ...frames),
    );
    assert.deepEqual(
      flv.sink.flv.tags.map(({ timestampMs, body }) => `${timestampMs} ${toHex(body)}`),
      expected([0, bodies.videoConfig], [0, opus.config], ...frames),
    );
  });

  it('passes a changed header of another track on and keeps the cached pictures', () => {
    const { world, encoder } = onAir();
    push(encoder, ['audio', 20, opus.config1b], ['audio', 20, opus.config1b]);
    world.advance(50);
    const late = messages(world.watch('live/a', { container: capable }).sink);
    assert.deepEqual(late, [...opening.slice(0, 4), ...expected([0, opus.config1b]), ...opening.slice(5)]);
  });

  it('leaves out headers that repeat, of any track', () => {
    const { world, encoder } = onAir();
    const { sink } = world.watch('live/a', { container: capable });
    push(
      encoder,
      ['audio', 20, opus.config],
      ['audio', 20, opus.config1],
      ['audio', 20, opus.speakers],
      ['video', 20, colour],
      ['video', 40, bodies.interframe],
    );
    assert.deepEqual(messages(sink), [...opening, ...expected([40, bodies.interframe])]);
  });

  it('relays a header of many tracks untouched and keeps it track by track', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    const table = (packetType: number, ...data: string[]): Uint8Array =>
      enhancedBody({
        kind: 'audio',
        packetType,
        fourCc: 'Opus',
        tracks: data.map((one, id) => ({ id, data: one })),
      });
    push(encoder, ['video', 0, bodies.videoConfig], ['audio', 0, table(0, opusHead, opusHead)]);
    push(encoder, ['video', 0, bodies.keyframe], ['audio', 5, table(1, 'aa', 'bb')]);
    const early = world.watch('live/a', { container: capable });
    const again = table(0, opusHead, '');
    push(encoder, ['audio', 30, table(0, opusHead, opusHead)], ['audio', 30, again]);
    push(encoder, ['video', 40, bodies.interframe]);
    const single = (id: number, data: string) =>
      enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', track: id, data });
    assert.deepEqual(messages(early.sink), [
      ...expected([0, bodies.videoConfig], [0, single(0, opusHead)], [0, single(1, opusHead)]),
      ...expected([0, bodies.keyframe], [5, table(1, 'aa', 'bb')], [5, again], [40, bodies.interframe]),
    ]);
    const late = world.watch('live/a', { container: rtmpContainer(4096, 1) });
    assert.deepEqual(
      messages(late.sink).slice(0, 4),
      expected(
        [0, bodies.videoConfig],
        [0, opus.config],
        [0, bodies.keyframe],
        [5, enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'aa' })],
      ),
    );
  });

  it('names its tracks, the default ones first', () => {
    const { world, encoder } = onAir();
    const ac3 = enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'ac-3', track: 5, data: '0b77' });
    push(encoder, ['audio', 30, ac3]);
    const tracks = world.hub
      .stream('live/a')
      ?.tracks.map(({ kind, id, info }) => `${kind} ${id} ${info.codec}`);
    assert.deepEqual(tracks, ['video 0 avc', 'audio 0 opus', 'audio 1 opus', 'audio 5 ac-3']);
  });

  it('does not count frames of other tracks as pictures of the default one, nor start a group with them', () => {
    const { world, encoder } = onAir();
    const key1 = enhancedBody({ kind: 'video', packetType: 1, fourCc: 'av01', track: 1, data: 'aa' });
    push(encoder, ['video', 30, key1]);
    const late = world.watch('live/a', { container: capable });
    assert.deepEqual(messages(late.sink), [...opening, ...expected([30, key1])]);
  });
});

describe('A viewer who picked a track', () => {
  it('gets that track in its plain form beside the default picture', () => {
    const { world, encoder } = onAir();
    const { sink } = world.watch('live/a', { container: picked });
    push(encoder, ['audio', 20, opus.frame], ['audio', 26, opus.frame1], ['video', 40, bodies.interframe]);
    const sound = enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'f8aa' });
    assert.deepEqual(
      sink.flv.tags.map(({ timestampMs, body }) => `${timestampMs} ${toHex(body)}`),
      expected(
        [0, bodies.videoConfig],
        [0, opus.config],
        [0, bodies.keyframe],
        [6, sound],
        [26, sound],
        [40, bodies.interframe],
      ),
    );
  });

  it('is told of it where the stream has no default track of that kind', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    push(
      encoder,
      ['video', 0, bodies.videoConfig],
      ['audio', 0, opus.config1],
      ['video', 0, bodies.keyframe],
    );
    world.advance(1_000);
    const pickedIt = world.watch('live/a', { container: picked }).sink.flv;
    const other = world.watch('live/a').sink.flv;
    assert.deepEqual([pickedIt.video, pickedIt.audio], [true, true]);
    assert.deepEqual([other.video, other.audio], [true, false]);
  });

  it('follows a publisher who returns with that track, and is ended where it is gone', () => {
    const { world, encoder } = onAir();
    const viewer = world.watch('live/a', { container: picked });
    const again = (...heads: Uint8Array[]) => {
      const next = world.publish();
      push(next, ['video', 0, bodies.videoConfig], ['audio', 0, opus.config]);
      for (const head of heads) push(next, ['audio', 0, head]);
      push(next, ['video', 0, bodies.keyframe]);
      return next;
    };
    encoder.publisher.leave('dropped');
    const second = again(opus.config1);
    assert.equal(viewer.sink.ended, undefined);
    second.publisher.leave('dropped');
    again();
    assert.equal(viewer.sink.ended, 'tracks-changed');
  });
});

describe('A viewer of a picked track whose codec changes', () => {
  const flac1 = enhancedBody({
    kind: 'audio',
    packetType: 0,
    fourCc: 'fLaC',
    data: '664c614380000022'.concat('1000100000000000000000', '0bb800f0', '00'.repeat(19)),
    track: 1,
  });

  it('is ended and finds the new one, and nobody else is', () => {
    const { world, encoder } = onAir();
    const viewer = world.watch('live/a', { container: picked });
    const ofDefault = world.watch('live/a');
    const player = world.watch('live/a', {
      container: rtmpContainer(4096, 1, { pick: { video: 0, audio: 1 } }),
    });
    push(encoder, ['audio', 20, opus.config1b], ['video', 40, bodies.interframe]);
    assert.equal(viewer.sink.ended, undefined, 'the same codec');
    push(encoder, ['audio', 60, flac1], ['video', 80, bodies.interframe]);
    assert.equal(viewer.sink.ended, 'tracks-changed');
    assert.equal(ofDefault.sink.ended, undefined);
    assert.equal(player.sink.ended, undefined, 'an RTMP player can follow');
    const after = world.watch('live/a', { container: picked });
    push(encoder, ['video', 120, bodies.interframe]);
    assert.equal(after.sink.ended, undefined);
  });

  it('stays through a track that it did not pick', () => {
    const { world, encoder } = onAir();
    const viewer = world.watch('live/a', { container: picked });
    const other = enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', data: opusHead, track: 2 });
    push(encoder, ['audio', 20, other], ['video', 40, bodies.interframe]);
    assert.equal(viewer.sink.ended, undefined);
  });

  it('is ended with the default codec of the other kind', () => {
    const { world, encoder } = onAir();
    const viewer = world.watch('live/a', { container: picked });
    const vp8 = fromHex('90 76703038 01000000 00 0a 82 01 01 01 0000');
    push(encoder, ['video', 40, vp8]);
    assert.equal(viewer.sink.ended, 'tracks-changed');
  });
});

describe('An RTMP player who picks a track', () => {
  it('gets it in its plain form from its headers on, and no other', () => {
    const { world, encoder } = onAir();
    const container = rtmpContainer(4096, 1, {
      takes: { multitrack: true, modEx: true },
      pick: { video: 0, audio: 1 },
    });
    const { sink } = world.watch('live/a', { container });
    push(encoder, ['audio', 25, opus.frame], ['audio', 26, opus.frame1], ['video', 40, bodies.interframe]);
    const config = enhancedBody({ kind: 'audio', packetType: 0, fourCc: 'Opus', data: opusHead });
    const sound = enhancedBody({ kind: 'audio', packetType: 1, fourCc: 'Opus', data: 'f8aa' });
    assert.deepEqual(
      messages(sink),
      expected(
        [0, bodies.videoConfig],
        [0, colour],
        [0, config],
        [0, bodies.keyframe],
        [6, sound],
        [26, sound],
        [40, bodies.interframe],
      ),
    );
  });
});

describe('Codecs beside AVC', () => {
  it('HEVC with the old codec id 12 goes through to every player and is known by its record', () => {
    const record = goldenVectors<{ codec: string; codecString: string; width: number }>(
      'codec/video-records.json',
    ).find(({ expected }) => expected.codec === 'hevc');
    assert.ok(record);
    const world = new HubHarness();
    const encoder = world.publish();
    const config = concatBytes([fromHex('1c00000000'), record.bytes]);
    const key = fromHex('1c01000050 00000002 2601');
    const inter = fromHex('2c01000028 00000002 0201');
    push(
      encoder,
      ['video', 0, config],
      ['audio', 0, bodies.audioConfig],
      ['video', 0, key],
      ['video', 40, inter],
    );
    const rtmp = world.watch('live/a', { container: rtmpContainer(4096, 1) });
    const flv = world.watch('live/a');
    const media = expected([0, config], [0, bodies.audioConfig], [0, key], [40, inter]);
    assert.deepEqual(messages(rtmp.sink), media);
    assert.deepEqual(
      flv.sink.flv.tags.map(({ timestampMs, body }) => `${timestampMs} ${toHex(body)}`),
      media,
    );
    const { video } = world.hub.stream('live/a')!;
    assert.deepEqual([video?.codec, video?.codecString], ['hevc', record.expected.codecString]);
  });

  it('VP9 and VP8 keep what their record said and learn the size from the first keyframe', () => {
    for (const [config, key, inter, known] of [
      [
        '90 76703039 01000000 00 1e 82 01 01 01 0000',
        '91 76703039 8249 8342 0027 f016 7604',
        'a1 76703039 86',
        'vp9 3.0 640x360',
      ],
      [
        '90 76703038 01000000 00 0a 82 01 01 01 0000',
        '91 76703038 106700 9d012a 4201 b600',
        'a1 76703038 11',
        'vp8 null 322x182',
      ],
    ] as const) {
      const world = new HubHarness();
      const encoder = world.publish();
      push(
        encoder,
        ['video', 0, fromHex(config)],
        ['audio', 0, bodies.audioConfig],
        ['video', 0, fromHex(inter)],
      );
      assert.equal(world.hub.stream('live/a')?.video?.width, null);
      push(encoder, ['video', 40, fromHex(key)], ['video', 80, fromHex(config)]);
      const { video } = world.hub.stream('live/a')!;
      assert.equal(`${video?.codec} ${video?.level} ${video?.width}x${video?.height}`, known);
    }
  });
});
