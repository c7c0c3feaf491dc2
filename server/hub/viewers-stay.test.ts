import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import { hevcFrames, hevcHeader, mp3Body } from '../../shared/testing/packets.ts';
import { relayContainer } from '../output/relay-container.ts';
import { Air, type Message, together } from '../test/air.ts';
import type { FakeSink } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';

// What tracks of real encoders do, against a hub with everything behind it, and how often a page that opens again at each end has to.

type When = (atMs: number) => boolean;
const always: When = () => true;

/** 25 pictures a second with a keyframe each second, of those times that are wanted. */
const picturesOf = (seconds: number, wanted: When = always): Message[] =>
  Array.from({ length: seconds * 25 }, (_, index) => index * 40)
    .filter(wanted)
    .map((at) => ['video', at, at % 1_000 === 0 ? bodies.keyframe : bodies.interframe]);

const soundsOf = (seconds: number, wanted: When = always): Message[] =>
  Array.from({ length: seconds * 40 }, (_, index) => index * 25)
    .filter(wanted)
    .map((at) => ['audio', at, bodies.audio]);

const headers: readonly Message[] = [
  ['video', 0, bodies.videoConfig],
  ['audio', 0, bodies.audioConfig],
];

/** A page: it opens again whenever it is ended. */
class Page {
  readonly sinks: FakeSink[] = [];
  readonly #air: Air;

  constructor(air: Air) {
    this.#air = air;
    this.look();
  }

  get ends(): number {
    return this.sinks.length - 1;
  }

  /** What each response said of its tracks. */
  get told(): string[] {
    return this.sinks.map(({ flv }) => `${flv.video ? 'picture' : ''}${flv.audio ? '+sound' : ''}`);
  }

  look(): void {
    const last = this.sinks.at(-1);
    if (last && last.ended === undefined) return;
    if (last) assert.equal(last.ended, 'tracks-changed');
    this.sinks.push(this.#air.watch());
  }
}

/** Sends all of it in real time; `joinsAt`: pages that come in between. */
function broadcast(messages: readonly Message[], joinsAt: readonly number[] = []) {
  const air = new Air();
  air.send(...headers);
  const pages = [new Page(air)];
  const joins = [...joinsAt];
  const warned = new Set<string>();
  for (const message of messages) {
    if (joins[0] !== undefined && message[1] >= joins[0]) {
      joins.shift();
      pages.push(new Page(air));
    }
    air.send(message);
    for (const page of pages) page.look();
    for (const code of air.warnings) warned.add(code);
  }
  return { air, pages, page: pages[0]!, warned };
}

const talks: When = (at) => at % 10_000 < 2_000;

describe('Nobody is ended', () => {
  const stories: readonly (readonly [string, readonly Message[], string?])[] = [
    ['by push to talk', together(picturesOf(60), soundsOf(60, talks)), 'sound-paused'],
    [
      'by sound that is muted for twelve seconds',
      together(
        picturesOf(40),
        soundsOf(40, (at) => at < 8_000 || at >= 20_000),
      ),
      'sound-paused',
    ],
    [
      'by a camera that is unplugged for eight seconds',
      together(
        picturesOf(30, (at) => at < 5_000 || at >= 13_000),
        soundsOf(30),
      ),
      'picture-paused',
    ],
    [
      'by pictures that end while sound goes on',
      together(
        picturesOf(60, (at) => at < 5_000),
        soundsOf(60),
      ),
      'picture-gone',
    ],
    [
      'by one picture in ten seconds beside sound',
      together(
        picturesOf(60, (at) => at % 10_000 === 0),
        soundsOf(60),
      ),
    ],
    [
      'by one picture a second',
      together(
        picturesOf(30, (at) => at % 1_000 === 0),
        soundsOf(30),
      ),
    ],
    [
      'by a pause of everything',
      together(
        picturesOf(60, (at) => at < 5_000 || at >= 15_000),
        soundsOf(60, (at) => at < 5_000 || at >= 15_000),
      ),
    ],
  ];
  for (const [what, messages, warning] of stories) {
    it(what, () => {
      const { page, warned } = broadcast(messages);
      assert.equal(page.ends, 0);
      assert.deepEqual(page.told, ['picture+sound']);
      if (warning) assert.ok(warned.has(warning), [...warned].join());
      assert.ok(!warned.has('announced-track-missing'), 'which would be untrue');
      assert.ok(![...warned].some((code) => code.startsWith('clock-')), [...warned].join());
    });
  }

  it('by sound that comes in blocks of three seconds, which keeps its times', () => {
    const air = new Air();
    air.send(...headers);
    const page = new Page(air);
    for (let block = 0; block < 10; block++) {
      for (let at = block * 3_000; at < (block + 1) * 3_000; at += 40) {
        air.send(['video', at, at % 1_000 === 0 ? bodies.keyframe : bodies.interframe]);
      }
      const { publisher } = air.encoder;
      for (let at = block * 3_000; at < (block + 1) * 3_000; at += 25)
        publisher.push('audio', at, bodies.audio);
      publisher.flush();
      page.look();
    }
    air.pause(200);
    assert.equal(page.ends, 0);
    const times = (kind: string) =>
      page.sinks[0]!.flv.tags.filter((tag) => tag.kind === kind).map(({ timestampMs }) => timestampMs);
    assert.deepEqual(
      times('audio').slice(1),
      Array.from({ length: 1_200 }, (_, index) => index * 25),
    );
    assert.deepEqual(air.warnings, []);
  });
});

describe('Who comes while a track is away', () => {
  it('is told of what is there, and gets one new response when the track is back for good', () => {
    const { page, pages } = broadcast(
      together(
        picturesOf(40),
        soundsOf(40, (at) => at < 8_000 || at >= 20_000),
      ),
      [15_000],
    );
    assert.equal(page.ends, 0);
    assert.deepEqual(pages[1]?.told, ['picture', 'picture+sound']);
    const late = together(
      picturesOf(30, (at) => at < 5_000 || at >= 13_000),
      soundsOf(30),
    );
    assert.deepEqual(broadcast(late, [12_000]).pages[1]?.told, ['+sound', 'picture+sound']);
  });

  it('gets what was last there when everything is away, and goes on when it is back', () => {
    const messages = together(picturesOf(10), soundsOf(10));
    const { air, page } = broadcast(messages);
    air.pause(8_000);
    assert.deepEqual(air.warnings, ['publisher-silent']);
    const late = air.watch();
    assert.ok(late.flv.tags.length > 20, 'the last group of pictures');
    const shifted = together(picturesOf(20), soundsOf(20)).map(
      ([kind, at, body]): Message => [kind, at + 18_000, body],
    );
    air.send(...shifted);
    page.look();
    assert.equal(page.ends, 0);
    assert.equal(late.ended, undefined);
    assert.ok(late.flv.tags.length > 1_000);
  });
});

describe('One new response', () => {
  it('is made of sound that has gone, and one of its return; the next time it may be away for longer', () => {
    const away: When = (at) => (at >= 5_000 && at < 25_000) || (at >= 35_000 && at < 60_000);
    const { page } = broadcast(
      together(
        picturesOf(70),
        soundsOf(70, (at) => !away(at)),
      ),
    );
    assert.deepEqual(page.told, ['picture+sound', 'picture', 'picture+sound']);
  });

  it('is made of sound that nobody announced and that stays, and none of a blip', () => {
    const air = new Air();
    air.send(['video', 0, bodies.videoConfig]);
    const page = new Page(air);
    const blip: When = (at) => at >= 5_000 && at < 5_200;
    for (const message of together(
      picturesOf(30),
      [['audio', 5_000, bodies.audioConfig]],
      soundsOf(30, (at) => blip(at) || at >= 15_000),
    )) {
      air.send(message);
      page.look();
      if (message[1] < 15_000) assert.equal(page.ends, 0);
    }
    assert.deepEqual(page.told, ['picture', 'picture+sound']);
  });

  it('is made at once when metadata no longer names the sound and none comes', () => {
    const metadata = (names: string): Message => [
      'data',
      6_000,
      fromHex(`02000a 6f6e4d65746144617461 08 00000001 ${names} 000009`),
    ];
    const video = '000c 766964656f636f6465636964 00 401c000000000000';
    const audio = '000c 617564696f636f6465636964 00 4024000000000000';
    const { page } = broadcast([
      metadata(video + audio),
      ...together(
        picturesOf(12),
        soundsOf(12, (at) => at < 6_000),
        [metadata(video)],
      ),
    ]);
    assert.deepEqual(page.told, ['picture+sound', 'picture']);
  });

  const opus = (packetType: number, data: string) =>
    enhancedBody({ kind: 'audio', packetType, fourCc: 'Opus', data });
  const changes: readonly (readonly [string, readonly Message[], (at: number) => Message])[] = [
    ['AAC to MP3', [], (at) => ['audio', at, mp3Body]],
    [
      'AAC to Opus',
      [['audio', 6_000, opus(0, `4f70757348656164 0102 3801 80bb0000 0000 00`.replaceAll(' ', ''))]],
      (at) => ['audio', at, opus(1, 'fcfffe')],
    ],
  ];
  for (const [what, head, frame] of changes) {
    it(`is made of sound that changes from ${what}, and holds nothing of the old codec`, () => {
      const after = soundsOf(12, (at) => at >= 6_000).map(([, at]) => frame(at));
      const { page, air } = broadcast(
        together(
          picturesOf(12),
          soundsOf(12, (at) => at < 6_000),
          head,
          after,
        ),
        [9_000],
      );
      assert.equal(page.ends, 1);
      const [, sink] = page.sinks;
      const sounds = sink!.flv.tags.filter(({ kind }) => kind === 'audio');
      assert.ok(sounds.length > 100);
      assert.ok(sounds.every(({ body }) => body[0] !== bodies.audio[0]));
      assert.notEqual(air.world.hub.stream('live/a')?.audio?.codec, 'aac');
    });
  }

  it('is made of pictures that change from H.264 to H.265', () => {
    const after: Message[] = hevcFrames.map((body, index) => ['video', 6_000 + index * 40, body]);
    const { page, air } = broadcast(
      together(picturesOf(6), soundsOf(7), [['video', 6_000, hevcHeader]], after),
    );
    assert.equal(page.ends, 1);
    const pictures = page.sinks[1]!.flv.tags.filter(({ kind }) => kind === 'video');
    assert.ok(pictures.length > 5 && pictures.every(({ body }) => body[0]! >= 0x80));
    assert.equal(air.world.hub.stream('live/a')?.video?.codec, 'hevc');
  });
});

describe('A wrong clock of the encoder', () => {
  const clocks: readonly (readonly [string, (at: number) => number])[] = [
    ['that begins again each second', (at) => at % 1_000],
    ['in microseconds', (at) => (at * 1_000) >>> 0],
    ['that stands still', () => 0],
    ['that runs backwards', (at) => 1_000_000 - at],
    ['at half the speed', (at) => at >> 1],
  ];
  for (const [what, stamp] of clocks) {
    it(`${what} ends nobody, and a page gets ten seconds in ten`, () => {
      const air = new Air();
      air.send(...headers);
      const page = new Page(air);
      const { publisher } = air.encoder;
      const frames = together(picturesOf(10), soundsOf(10));
      let nowMs = 0;
      for (const [kind, at, body] of frames) {
        air.pause(at - nowMs);
        nowMs = at;
        publisher.received(body.length, air.world.clock.monotonicMs());
        publisher.push(kind, stamp(at), body);
        publisher.flush();
        page.look();
      }
      assert.equal(page.ends, 0);
      for (const kind of ['audio', 'video']) {
        const last = page.sinks[0]!.flv.tags.filter((tag) => tag.kind === kind).at(-1)?.timestampMs ?? 0;
        assert.ok(Math.abs(last - 10_000) < 500, `${kind} ends at ${last}`);
      }
      assert.ok(air.warnings.some((code) => code.startsWith('clock-')));
    });
  }
});

describe('A process of ours', () => {
  it('may wait for a publisher whose line dropped, as the viewers do who are held', () => {
    const air = new Air();
    air.send(...headers, ...together(picturesOf(1), soundsOf(1)));
    const held = air.watch();
    air.encoder.publisher.leave('dropped');
    assert.equal(air.world.hub.isHeld('live/a'), true);
    assert.throws(() => air.watch(), /not live/);
    const relay = air.world.watch('live/a', { container: relayContainer });
    assert.equal(relay.sink.writes, 0);
    air.world.publish().headers().send(['keyframe', 0], ['audio', 0]);
    for (const sink of [held, relay.sink]) {
      assert.equal(sink.ended, undefined);
      assert.equal(sink.flv.tags.at(-1)?.kind, 'audio');
    }
    assert.ok(concatBytes(relay.sink.parts).length > bodies.keyframe.length);
  });

  it('is told when the publisher does not come back', () => {
    const air = new Air();
    air.send(...headers, ...together(picturesOf(1), soundsOf(1)));
    air.encoder.publisher.leave('dropped');
    const relay = air.world.watch('live/a', { container: relayContainer });
    air.world.advance(30_000);
    assert.equal(relay.sink.ended, 'stream-ended');
  });
});
