import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { adtsFrames, mp3Frame } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { enhancedBody } from '../testing/enhanced-body.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { AudioReader } from './audio-reader.ts';
import type { MediaFlaw } from './media-flaw.ts';
import { newPacketHead, readAudioHead } from './packet-head.ts';

const header = fromHex('af00 1210');
const adts = adtsFrames();
const raw = adts.map((frame) => frame.subarray(7));
const frame = (data: Uint8Array): Uint8Array => concatBytes([fromHex('af01'), data]);
const enhanced = (packetType: number, fourCc: string, data: string) =>
  enhancedBody({ kind: 'audio', packetType, fourCc, data });

/** An `AudioReader` with what it says kept. */
class Feed {
  readonly #flaws: MediaFlaw[] = [];
  readonly reader = new AudioReader((flaw) => this.#flaws.push(flaw));
  readonly #head = newPacketHead();

  read(packet: Uint8Array) {
    this.#flaws.length = 0;
    const body = detached(packet);
    readAudioHead(body, this.#head);
    // As `PacketIntake` does: what is neither a header nor a frame is not for a reader.
    if (this.#head.content === 'other')
      return { role: 'other', body: toHex(body), header: undefined, flaws: [], more: [], stepMs: 0 };
    const { role, body: given, header: made, more, stepMs } = this.reader.read(body, this.#head);
    return {
      role,
      body: given && toHex(given),
      header: made && toHex(made),
      flaws: [...this.#flaws],
      more: more.map((one) => toHex(one)),
      stepMs,
    };
  }
}

const brief = ({ role, body, header: made, flaws }: ReturnType<Feed['read']>) => ({
  role,
  body,
  header: made,
  flaws,
});
const nothing = (...flaws: readonly MediaFlaw[]) => ({
  role: 'other',
  body: undefined,
  header: undefined,
  flaws,
});
const sound = (body: Uint8Array, made?: string, ...flaws: readonly MediaFlaw[]) => ({
  ...{ role: 'audio', body: toHex(body), header: made, flaws },
});

describe('AudioReader: AAC', () => {
  it('goes through as it came, with its header', () => {
    const feed = new Feed();
    assert.deepEqual(brief(feed.read(header)), {
      role: 'config',
      body: 'af001210',
      header: undefined,
      flaws: [],
    });
    for (const data of raw) assert.deepEqual(brief(feed.read(frame(data))), sound(frame(data)));
    assert.equal(feed.reader.codec, 'aac');
  });

  for (const [what, packet] of [
    ['empty', fromHex('af00')],
    ['a reserved rate', fromHex('af00 1690')],
    ['one byte', fromHex('af00 12')],
  ] as const) {
    it(`says of a header that it is broken: ${what}`, () => {
      const feed = new Feed();
      assert.deepEqual(brief(feed.read(packet)), nothing('audio-header-broken'));
      assert.deepEqual(
        brief(feed.read(frame(raw[1]!))),
        nothing('audio-header-broken'),
        'while there is none',
      );
      feed.read(header);
      assert.deepEqual(brief(feed.read(packet)), nothing(), 'one that came before it stays');
      assert.deepEqual(brief(feed.read(frame(raw[1]!))), sound(frame(raw[1]!)));
    });
  }

  it('without a header is guessed from metadata, once that came and a frame tells the channels', () => {
    const feed = new Feed();
    assert.deepEqual(brief(feed.read(frame(raw[1]!))), nothing('audio-header-missing'));
    feed.reader.announce(44_100);
    // The first frame of FFmpeg's encoder begins with its name.
    assert.deepEqual(brief(feed.read(frame(raw[0]!))), nothing('audio-header-missing'));
    const stereo = frame(fromHex('21 10 05'));
    assert.deepEqual(brief(feed.read(stereo)), sound(stereo, 'af001210', 'audio-header-guessed'));
    assert.deepEqual(brief(feed.read(stereo)), sound(stereo, undefined, 'audio-header-guessed'));
    // The encoder's own word is better.
    assert.equal(feed.read(fromHex('af00 1190')).role, 'config');
    assert.deepEqual(brief(feed.read(stereo)), sound(stereo));
  });

  it('of one channel is guessed so, and in the form of Enhanced RTMP as well', () => {
    const feed = new Feed();
    feed.reader.announce(48_000);
    const mono = enhanced(1, 'mp4a', '014022');
    assert.deepEqual(brief(feed.read(mono)), sound(mono, '906d7034611188', 'audio-header-guessed'));
  });

  it('is not guessed from a rate that AAC does not have', () => {
    for (const rate of [undefined, 44, 192_000, Number.NaN]) {
      const feed = new Feed();
      feed.reader.announce(rate);
      assert.deepEqual(brief(feed.read(frame(fromHex('211005')))), nothing('audio-header-missing'));
    }
  });
});

describe('AudioReader: ADTS', () => {
  it('is taken off, and makes the header', () => {
    const feed = new Feed();
    adts.forEach((packet, i) => {
      const made = i === 0 ? 'af001210' : undefined;
      assert.deepEqual(brief(feed.read(frame(packet))), sound(frame(raw[i]!), made, 'audio-header-in-band'));
    });
  });

  it('is taken off where a header came, which stays', () => {
    const feed = new Feed();
    feed.read(header);
    assert.deepEqual(brief(feed.read(frame(adts[1]!))), sound(frame(raw[1]!)));
  });

  it('takes the place of a header that is broken', () => {
    const feed = new Feed();
    feed.read(fromHex('af00'));
    assert.deepEqual(
      brief(feed.read(frame(adts[0]!))),
      sound(frame(raw[0]!), 'af001210', 'audio-header-in-band'),
    );
  });

  it('of several frames becomes several packets, a frame apart', () => {
    const feed = new Feed();
    const { more, stepMs, body } = feed.read(frame(concatBytes(adts.slice(0, 3))));
    assert.equal(body, toHex(frame(raw[0]!)));
    assert.deepEqual(more, [toHex(frame(raw[1]!)), toHex(frame(raw[2]!))]);
    assert.ok(Math.abs(stepMs - 23.22) < 0.01);
    assert.deepEqual(feed.read(frame(adts[3]!)).more, [], 'they are not given again');
  });

  it('of more frames than a packet can have is cut', () => {
    const tiny = fromHex('fff15080 0120fc 21'.replace('0120', '011f'));
    const many = new Feed().read(frame(concatBytes(Array.from({ length: 300 }, () => tiny))));
    assert.ok(many.more.length <= 100);
  });

  it('that says something else than before makes another header', () => {
    const feed = new Feed();
    feed.read(frame(adts[0]!));
    const other = adts[1]!.slice();
    other[2] = (other[2]! & 0xc3) | (3 << 2);
    assert.equal(feed.read(frame(other)).header, 'af001190');
    assert.equal(feed.read(frame(adts[2]!)).header, 'af001210');
  });

  it('that does not tell its channels is not made a header of, and that is said', () => {
    const feed = new Feed();
    const untold = adts[0]!.slice();
    untold[2] = untold[2]! & 0xfe;
    untold[3] = untold[3]! & 0x3f;
    const read = feed.read(frame(concatBytes([untold, untold])));
    assert.deepEqual([brief(read), read.more], [nothing('audio-header-missing'), []]);
  });

  it('comes in the form of Enhanced RTMP, too', () => {
    const read = new Feed().read(enhanced(1, 'mp4a', toHex(adts[0]!)));
    assert.equal(read.header, '906d7034611210');
    assert.equal(read.body, toHex(enhanced(1, 'mp4a', toHex(raw[0]!))));
  });
});

describe('AudioReader: other codecs', () => {
  const mp3 = mp3Frame();
  const plainMp3 = concatBytes([fromHex('2f'), mp3]);

  it('MP3 under the name of AAC is passed on as MP3', () => {
    const feed = new Feed();
    feed.read(header);
    for (let stray = 0; stray < 2; stray++) {
      assert.deepEqual(brief(feed.read(frame(mp3))), nothing('audio-codec-mislabelled'));
    }
    assert.deepEqual(brief(feed.read(frame(mp3))), sound(plainMp3, undefined, 'audio-codec-mislabelled'));
    assert.equal(feed.reader.codec, 'mp3');
    const read = new Feed().read(enhanced(1, 'mp4a', toHex(mp3)));
    assert.deepEqual(brief(read), sound(plainMp3, undefined, 'audio-codec-mislabelled'));
  });

  it('AAC, MP3 and AAC again: each is known, and the header is given again', () => {
    const feed = new Feed();
    feed.read(header);
    feed.read(frame(raw[1]!));
    const [twice, once] = [[0, 1], [0]];
    for (const _ of twice) assert.deepEqual(brief(feed.read(plainMp3)), nothing());
    assert.deepEqual(brief(feed.read(plainMp3)), sound(plainMp3), 'the third in a row is no stray');
    assert.equal(feed.reader.codec, 'mp3');
    for (const _ of once) assert.deepEqual(brief(feed.read(frame(raw[2]!))), nothing());
    assert.deepEqual(brief(feed.read(plainMp3)), sound(plainMp3), 'one in between begins the count anew');
    for (const _ of twice) assert.deepEqual(brief(feed.read(frame(raw[2]!))), nothing());
    assert.deepEqual(brief(feed.read(frame(raw[2]!))), sound(frame(raw[2]!), 'af001210'));
    assert.equal(feed.reader.codec, 'aac');
  });

  it('AAC with ADTS under the name of MP3 is passed on as AAC, and what is neither is told', () => {
    const feed = new Feed();
    const read = feed.read(concatBytes([fromHex('2f'), adts[0]!]));
    assert.deepEqual([read.role, read.body, read.header], ['audio', toHex(frame(raw[0]!)), 'af001210']);
    assert.deepEqual(read.flaws, ['audio-codec-mislabelled', 'audio-header-in-band']);
    assert.equal(feed.reader.codec, 'aac');
    assert.deepEqual(brief(new Feed().read(concatBytes([fromHex('2f'), raw[0]!]))), nothing('audio-unknown'));
  });

  it('FLAC needs its header, Opus does not', () => {
    const feed = new Feed();
    const flac = enhanced(1, 'fLaC', 'fff8');
    assert.deepEqual(brief(feed.read(flac)), nothing('audio-header-missing'));
    feed.read(enhanced(0, 'fLaC', '664c6143'));
    assert.equal(feed.read(flac).role, 'audio');
    assert.equal(new Feed().read(enhanced(1, 'Opus', 'fc00')).role, 'audio');
  });

  it('a format that nobody knows is told', () => {
    // 12 is reserved, and four spaces name no codec.
    for (const packet of [fromHex('cf0102'), enhanced(1, '    ', '00')]) {
      const read = new Feed().read(packet);
      assert.deepEqual([read.role, read.flaws], ['audio', ['audio-unknown']]);
    }
  });

  it('forgets everything with its publisher', () => {
    const feed = new Feed();
    feed.reader.announce(44_100);
    feed.read(header);
    feed.reader.restart();
    assert.equal(feed.reader.codec, '');
    assert.deepEqual(brief(feed.read(frame(fromHex('211005')))), nothing('audio-header-missing'));
  });
});

describe('AudioReader: whatever comes', () => {
  const packets = [
    header,
    frame(raw[1]!),
    frame(concatBytes(adts.slice(0, 3))),
    frame(mp3Frame()),
    enhanced(1, 'Opus', 'fc00'),
  ];

  it('is read at every prefix, and what is given is no larger than what came', () => {
    for (const packet of packets) {
      everyPrefix(packet, (prefix) => {
        const { body, more } = new Feed().read(prefix);
        const bytes = ((body?.length ?? 0) + more.join('').length) / 2;
        assert.ok(bytes <= prefix.length);
      });
    }
  });

  it('is read in any order and with any damage, without a fault', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...packets), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([packet, changes]) => {
        const copy = packet.slice();
        for (const [at, value] of changes) copy[at % Math.min(copy.length, 60)] = value;
        return copy;
      });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(damaged, fc.uint8Array({ maxLength: 30 })), { maxLength: 10 }),
        (some) => {
          const feed = new Feed();
          for (const packet of some) {
            const { role, body, more } = feed.read(packet);
            if (role === 'audio') assert.ok(body);
            assert.ok(role === 'audio' || more.length === 0, 'nothing of what is of no use');
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
