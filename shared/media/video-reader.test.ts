import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { decodeAvcConfig } from '../codec/avc-config.ts';
import { decodeHevcConfig } from '../codec/hevc-config.ts';
import {
  av1Clip,
  avcClip,
  avcSetsOf,
  classicVideo,
  hevcSetsOf,
  lengthed,
  startCoded,
  unitsOf,
} from '../testing/clips.ts';
import { enhancedBody } from '../testing/enhanced-body.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import {
  avc,
  avcFrames,
  avcHeader,
  avcSets,
  hevc,
  hevcAsAvc,
  hevcFrames,
  hevcHeader,
  hevcSets,
  inBand,
  isKey,
  pps,
  sps,
  startCodes,
  withSets,
} from '../testing/packets.ts';
import { type Read, VideoFeed } from '../testing/video-feed.ts';

const roles = (reads: readonly Read[]): string => reads.map(({ role }) => role[0]).join('');
const flawsOf = (reads: readonly Read[]): string[] =>
  [...new Set(reads.flatMap(({ flaws }) => flaws))].sort();
const bodiesOf = (reads: readonly Read[]): string[] =>
  reads.map(({ body }) => (body ? toHex(body) : 'nothing'));
const hexes = (bodies: readonly Uint8Array[]): string[] => bodies.map((body) => toHex(body));
const GROUPS = 'kiiiiiiiiikiiiiiiiii';

describe('VideoReader: what is as it should be', () => {
  it('goes through as it came: H.264', () => {
    const reads = new VideoFeed().all([avcHeader, ...avcFrames]);
    assert.equal(roles(reads), `c${GROUPS}`);
    assert.deepEqual(bodiesOf(reads), hexes([avcHeader, ...avcFrames]));
    assert.deepEqual(flawsOf(reads), []);
    assert.ok(reads.every(({ header }) => header === undefined));
  });

  it('goes through as it came: H.265', () => {
    const reads = new VideoFeed().all([hevcHeader, ...hevcFrames]);
    assert.equal(roles(reads), `c${GROUPS}`);
    assert.deepEqual(bodiesOf(reads), hexes([hevcHeader, ...hevcFrames]));
    assert.deepEqual(flawsOf(reads), []);
  });

  it('goes through as it came: H.265 behind id 12, and H.264 behind avc1', () => {
    const ids = [
      classicVideo(0x1c, 0, hevc.record),
      ...hevc.pictures.map((data, i) => classicVideo(isKey(i) ? 0x1c : 0x2c, 1, data)),
    ];
    const codes = [
      enhancedBody({ kind: 'video', packetType: 0, fourCc: 'avc1', data: toHex(avc.record) }),
      ...avc.pictures.map((data, i) =>
        enhancedBody({
          ...{ kind: 'video', packetType: 1, fourCc: 'avc1', frameType: isKey(i) ? 1 : 2 },
          data: `000000${toHex(data)}`,
        }),
      ),
    ];
    for (const packets of [ids, codes]) {
      const reads = new VideoFeed().all(packets);
      assert.equal(roles(reads), `c${GROUPS}`);
      assert.deepEqual(bodiesOf(reads), hexes(packets));
      assert.deepEqual(flawsOf(reads), []);
    }
  });

  it('keeps what the encoder says of pictures that nothing refers to', () => {
    const feed = new VideoFeed();
    feed.read(avcHeader);
    assert.equal(feed.read(classicVideo(0x37, 1, avc.pictures[3]!)).role, 'disposable');
  });

  it('repeats are of no use to anybody', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, avcFrames[0]!]);
    assert.deepEqual(feed.read(avcHeader), { role: 'other', body: undefined, header: undefined, flaws: [] });
  });

  for (const size of [1, 2, 3]) {
    it(`has lengths of ${size} bytes where the header says so`, () => {
      const header = avcHeader.slice();
      header[9] = 0xfc | (size - 1);
      const small = avc.pictures.filter((picture) => unitsOf(picture).every(({ length }) => length < 256));
      const frames = small.map((picture) => classicVideo(0x27, 1, lengthed(unitsOf(picture), size)));
      assert.ok(frames.length > 10);
      const reads = new VideoFeed().all([header, ...frames]);
      assert.equal(roles(reads), `c${'i'.repeat(frames.length)}`);
      assert.deepEqual(bodiesOf(reads), hexes([header, ...frames]));
      assert.deepEqual(flawsOf(reads), []);
    });
  }
});

describe('VideoReader: headers that came only with the pictures', () => {
  const inBandFrames = inBand(avcFrames, avcSets);

  it('makes the header that ffmpeg would have sent', () => {
    const reads = new VideoFeed().all(inBandFrames);
    assert.equal(toHex(reads[0]!.header!), toHex(avcHeader));
    assert.equal(reads.filter(({ header }) => header).length, 1);
    assert.equal(roles(reads), GROUPS);
    assert.deepEqual(bodiesOf(reads), hexes(inBandFrames));
    assert.deepEqual(flawsOf(reads), ['video-header-in-band']);
    assert.deepEqual(reads[10]!.flaws, ['video-header-in-band'], 'each key frame says so again');
  });

  it('says that the header is missing until it has one', () => {
    const reads = new VideoFeed().all(inBandFrames.slice(5));
    assert.deepEqual(bodiesOf(reads).slice(0, 6), [...Array(5).fill('nothing'), toHex(inBandFrames[10]!)]);
    assert.deepEqual(flawsOf(reads.slice(0, 5)), ['video-header-missing']);
    assert.ok(reads[5]!.header);
    assert.deepEqual(flawsOf(reads.slice(5)), ['video-header-in-band']);
  });

  it('takes sets that come in packets of their own, together or one by one', () => {
    const set = (...sets: Uint8Array[]): Uint8Array => classicVideo(0x17, 1, lengthed(sets));
    for (const packets of [[set(sps, pps)], [set(sps), set(pps)], [set(pps), set(sps)]]) {
      const reads = new VideoFeed().all([...packets, ...avcFrames]);
      const first = reads[packets.length]!;
      assert.equal(toHex(first.header!), toHex(avcHeader));
      assert.deepEqual(
        bodiesOf(reads.slice(0, packets.length)),
        packets.map(() => 'nothing'),
      );
      assert.equal(roles(reads.slice(packets.length)), GROUPS);
      assert.deepEqual(flawsOf(reads), ['video-header-in-band']);
    }
  });

  for (const [what, header, flaw] of [
    ['empty', classicVideo(0x17, 0, new Uint8Array()), 'video-header-empty'],
    ['cut short before it begins', fromHex('1700'), 'video-header-empty'],
    ['nonsense', classicVideo(0x17, 0, fromHex('deadbeef0102')), 'video-header-broken'],
    ['cut short', avcHeader.subarray(0, 20), 'video-header-broken'],
    [
      'without any sets, as DJI sends it',
      classicVideo(0x17, 0, fromHex('0164000affe000')),
      'video-header-broken',
    ],
  ] as const) {
    it(`says of a header that it is ${what}, and mends it`, () => {
      const feed = new VideoFeed();
      assert.deepEqual(feed.read(header), {
        role: 'other',
        body: undefined,
        header: undefined,
        flaws: [flaw],
      });
      assert.deepEqual(feed.read(avcFrames[1]!).flaws, [flaw], 'while there is none');
      const [first, ...rest] = feed.all(inBandFrames);
      assert.equal(toHex(first!.header!), toHex(avcHeader));
      assert.deepEqual(flawsOf([first!, ...rest]), ['video-header-in-band']);
      assert.deepEqual(feed.read(header).flaws, [], 'repeated, it takes nothing from what is known');
    });
  }

  it('keeps the header that it has when a broken one comes', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, avcFrames[0]!]);
    const broken = feed.read(classicVideo(0x17, 0, fromHex('deadbeef')));
    assert.deepEqual(broken, { role: 'other', body: undefined, header: undefined, flaws: [] });
    assert.equal(feed.read(avcFrames[1]!).role, 'interframe');
  });

  it('follows other sets that come in band, while the old header is repeated every ten seconds', () => {
    const other = avcSetsOf(avcClip('avc-intra-refresh.flv').record);
    const feed = new VideoFeed();
    feed.all([avcHeader, ...avcFrames.slice(0, 10)]);
    const changed = feed.read(withSets(avcFrames[10]!, [other.sps, other.pps]));
    assert.deepEqual(decodeAvcConfig(changed.header!.subarray(5)).sequenceParameterSets, [other.sps]);
    assert.equal(feed.read(avcHeader).body, undefined);
    const again = feed.read(withSets(avcFrames[10]!, [other.sps, other.pps]));
    assert.equal(again.header, undefined);
    assert.deepEqual(flawsOf([changed, again]), [], 'a header came: nothing is wrong');
  });

  it('puts a picture set that comes alone beside the sequence set that it has', () => {
    const feed = new VideoFeed();
    feed.read(avcHeader);
    // pic_parameter_set_id 1, then something else in the place of 0.
    const second = fromHex('68 5c e0 80');
    const two = feed.read(withSets(avcFrames[0]!, [second])).header!;
    assert.deepEqual(decodeAvcConfig(two.subarray(5)).pictureParameterSets, [pps, second]);
    const first = fromHex('68 ee 3c 80');
    const replaced = feed.read(withSets(avcFrames[10]!, [first])).header!;
    assert.deepEqual(decodeAvcConfig(replaced.subarray(5)).pictureParameterSets, [first, second]);
  });

  it('makes one for H.265, in the form of its pictures', () => {
    const frames = hevcFrames.map((frame, i) => (isKey(i) ? withSets(frame, hevcSets, 8) : frame));
    const reads = new VideoFeed().all(frames);
    const made = reads[0]!.header!;
    assert.equal(toHex(made.subarray(0, 5)), '9068766331');
    assert.deepEqual(hevcSetsOf(made.subarray(5)), hevcSets);
    assert.equal(roles(reads), GROUPS);
    assert.deepEqual(flawsOf(reads), ['video-header-in-band']);
  });

  it('makes none of sets that are not all, that make no sense, or that are too long for a record', () => {
    const long = concatBytes([pps, new Uint8Array(70_000).fill(1)]);
    for (const sets of [[sps], [pps], [fromHex('67640a'), pps], [sps, long]]) {
      const read = new VideoFeed().read(withSets(avcFrames[0]!, sets));
      assert.deepEqual(read, {
        role: 'other',
        body: undefined,
        header: undefined,
        flaws: ['video-header-missing'],
      });
    }
  });
});

describe('VideoReader: start codes', () => {
  for (const [what, first] of [
    ['four', 4],
    ['three', 3],
  ] as const) {
    it(`become lengths: ${what} bytes, with a proper header`, () => {
      const reads = new VideoFeed().all([
        avcHeader,
        ...avcFrames.map((frame) => startCodes(frame, [], first)),
      ]);
      assert.deepEqual(bodiesOf(reads), hexes([avcHeader, ...avcFrames]));
      assert.equal(roles(reads), `c${GROUPS}`);
      assert.deepEqual(
        reads.slice(1).map(({ flaws }) => flaws),
        avcFrames.map(() => ['video-start-codes']),
      );
    });
  }

  it('are known in a picture that could have a length as well, by the pictures before', () => {
    // 00 00 01 41 in front of 321 bytes: a start code and a slice, or a length.
    const slice = Uint8Array.from({ length: 322 }, (_, i) => (i === 0 ? 0x41 : 0x9a));
    const both = classicVideo(0x27, 1, new Uint8Array([0, 0, 1, ...slice]));
    const asLengths = classicVideo(0x27, 1, lengthed([slice]));
    const began = new VideoFeed().all([avcHeader, startCodes(avcFrames[0]!, [], 3), both]);
    assert.deepEqual(bodiesOf(began.slice(2)), hexes([asLengths]));
    const others = new VideoFeed().all([avcHeader, avcFrames[0]!, both]);
    assert.deepEqual(bodiesOf(others.slice(2)), hexes([both]), 'and else it has a length');
  });

  it('become lengths where there is no header either', () => {
    const frames = avcFrames.map((frame, i) => startCodes(frame, isKey(i) ? [sps, pps] : []));
    const reads = new VideoFeed().all(frames);
    assert.equal(toHex(reads[0]!.header!), toHex(avcHeader));
    assert.equal(toHex(reads[0]!.body!), toHex(withSets(avcFrames[0]!, [sps, pps])));
    assert.deepEqual(bodiesOf(reads).slice(1, 10), hexes(avcFrames.slice(1, 10)));
    assert.equal(roles(reads), GROUPS);
    assert.deepEqual(flawsOf(reads), ['video-header-in-band', 'video-start-codes']);
  });

  it('in the header become a record, of either codec', () => {
    const [, ...frames] = avcFrames;
    const feed = new VideoFeed();
    const header = feed.read(classicVideo(0x17, 0, startCoded([sps, pps])));
    assert.deepEqual([header.role, toHex(header.body!)], ['config', toHex(avcHeader)]);
    assert.deepEqual(header.flaws, ['video-start-codes']);
    assert.equal(roles(feed.all(frames)), GROUPS.slice(1));
    const other = new VideoFeed().read(classicVideo(0x17, 0, startCoded(hevcSets)));
    assert.equal(other.role, 'config');
    assert.deepEqual(hevcSetsOf(other.body!.subarray(5)), hevcSets);
    assert.equal(toHex(other.body!.subarray(0, 5)), '9068766331');
    assert.deepEqual(other.flaws, ['video-start-codes', 'video-codec-mislabelled']);
  });

  it('become lengths that hold every unit, also where the header says that lengths are short', () => {
    for (const size of [1, 2]) {
      const header = avcHeader.slice();
      header[9] = 0xfc | (size - 1);
      const reads = new VideoFeed().all([header, ...avcFrames.map((frame) => startCodes(frame))]);
      assert.equal(decodeAvcConfig(reads[1]!.header!.subarray(5)).nalLengthSize, 4);
      assert.deepEqual(bodiesOf(reads.slice(1)), hexes(avcFrames));
      assert.equal(reads.filter((read) => read.header).length, 1);
    }
  });

  it('are mended in a packet of one unit, too', () => {
    const feed = new VideoFeed();
    const sets = [sps, pps].map((set) => classicVideo(0x17, 1, startCoded([set])));
    const reads = feed.all([...sets, startCodes(avcFrames[0]!)]);
    assert.equal(toHex(reads[2]!.header!), toHex(avcHeader));
    assert.equal(reads[2]!.role, 'keyframe');
  });
});

describe("VideoReader: pictures under another codec's name", () => {
  it('H.265 behind id 7 is passed on as H.265, with its composition times', () => {
    const reads = new VideoFeed().all([classicVideo(0x17, 0, hevc.record), ...hevcAsAvc]);
    assert.deepEqual(bodiesOf(reads), hexes([hevcHeader, ...hevcFrames]));
    assert.equal(roles(reads), `c${GROUPS}`);
    assert.deepEqual(flawsOf(reads), ['video-codec-mislabelled']);
  });

  for (const [what, packets] of [
    ['in the key frame', [withSets(hevcAsAvc[0]!, hevcSets), ...hevcAsAvc.slice(1)]],
    ['in a packet of their own', [classicVideo(0x17, 1, lengthed(hevcSets)), ...hevcAsAvc]],
    ['in a packet each', [...hevcSets.map((set) => classicVideo(0x17, 1, lengthed([set]))), ...hevcAsAvc]],
    [
      'between start codes',
      [startCodes(hevcAsAvc[0]!, hevcSets), ...hevcAsAvc.slice(1).map((one) => startCodes(one))],
    ],
  ] as const) {
    it(`H.265 behind id 7 is known by its parameter sets ${what}`, () => {
      const reads = new VideoFeed().all(packets).slice(-20);
      assert.deepEqual(hevcSetsOf(reads[0]!.header!.subarray(5)), hevcSets);
      assert.equal(roles(reads), GROUPS);
      assert.deepEqual(bodiesOf(reads.slice(1)), hexes(hevcFrames.slice(1)));
      assert.ok(flawsOf(reads).includes('video-codec-mislabelled'));
      assert.ok(!flawsOf(reads).includes('video-header-missing'));
    });
  }

  it('H.265 in the middle of H.264, with its parameter sets in band alone, is followed, and the old header repeated changes nothing', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, ...avcFrames]);
    const reads = feed.all([withSets(hevcAsAvc[0]!, hevcSets), ...hevcAsAvc.slice(1, 10)]);
    assert.deepEqual(hevcSetsOf(reads[0]!.header!.subarray(5)), hevcSets);
    assert.equal(feed.reader.codec, 'hevc');
    assert.equal(roles(reads), GROUPS.slice(0, 10));
    assert.deepEqual(bodiesOf(reads.slice(1)), hexes(hevcFrames.slice(1, 10)));
    assert.deepEqual(feed.all([avcHeader])[0]?.body, undefined);
    assert.deepEqual(bodiesOf(feed.all(hevcAsAvc.slice(10))), hexes(hevcFrames.slice(10)));
    const back = feed.all([withSets(avcFrames[0]!, [sps, pps]), ...avcFrames.slice(1)]);
    assert.equal(feed.reader.codec, 'avc');
    assert.deepEqual(bodiesOf(back.slice(1)), hexes(avcFrames.slice(1)));
  });

  it('a header that names shorter lengths than the pictures have is corrected', () => {
    for (const size of [1, 2]) {
      const wrong = avcHeader.slice();
      wrong[9] = 0xfc | (size - 1);
      const reads = new VideoFeed().all([wrong, ...avcFrames]);
      assert.equal(roles(reads), `c${GROUPS}`);
      assert.equal(decodeAvcConfig(reads[1]!.header!.subarray(5)).nalLengthSize, 4);
      assert.deepEqual(bodiesOf(reads.slice(1)), hexes(avcFrames));
      assert.deepEqual(flawsOf(reads), ['video-length-size-wrong']);
    }
  });

  it('a header that names short lengths is right where the pictures have them', () => {
    const short = avcHeader.slice();
    short[9] = 0xfd;
    const frames = avcFrames.map((frame) =>
      concatBytes([frame.subarray(0, 5), lengthed(unitsOf(frame.subarray(5)), 2)]),
    );
    const reads = new VideoFeed().all([short, ...frames]);
    assert.deepEqual(bodiesOf(reads), hexes([short, ...frames]));
    assert.deepEqual(flawsOf(reads), []);
  });

  const asHevc = avc.pictures.map((data, i) =>
    enhancedBody({
      ...{ kind: 'video', packetType: 1, fourCc: 'hvc1', frameType: isKey(i) ? 1 : 2 },
      data: `00${avc.times[i]!.toString(16).padStart(4, '0')}${toHex(data)}`,
    }),
  );

  it('H.264 behind hvc1 and behind id 12 is passed on as H.264', () => {
    const header = enhancedBody({ kind: 'video', packetType: 0, fourCc: 'hvc1', data: toHex(avc.record) });
    const behind12 = [avcHeader, ...avcFrames].map((body) => {
      const copy = body.slice();
      copy[0] = (copy[0]! & 0xf0) | 12;
      return copy;
    });
    for (const packets of [[header, ...asHevc], behind12]) {
      const reads = new VideoFeed().all(packets);
      assert.deepEqual(bodiesOf(reads), hexes([avcHeader, ...avcFrames]));
      assert.equal(roles(reads), `c${GROUPS}`);
      assert.deepEqual(flawsOf(reads), ['video-codec-mislabelled']);
    }
  });

  it('H.264 behind hvc1 is known by its parameter sets', () => {
    const reads = new VideoFeed().all([withSets(asHevc[0]!, [sps, pps], 8), ...asHevc.slice(1)]);
    assert.equal(toHex(reads[0]!.header!), toHex(avcHeader));
    assert.deepEqual(bodiesOf(reads.slice(1)), hexes(avcFrames.slice(1)));
    assert.deepEqual(flawsOf(reads), ['video-codec-mislabelled', 'video-header-in-band']);
  });

  it('frames without a composition time have one of zero then', () => {
    const header = enhancedBody({ kind: 'video', packetType: 0, fourCc: 'hvc1', data: toHex(avc.record) });
    const frame = enhancedBody({
      kind: 'video',
      packetType: 3,
      fourCc: 'hvc1',
      data: toHex(avc.pictures[0]!),
    });
    const reads = new VideoFeed().all([header, frame]);
    assert.equal(toHex(reads[1]!.body!), toHex(classicVideo(0x17, 1, avc.pictures[0]!)));
  });
});

describe('VideoReader: marks', () => {
  it('follow the bytes, whatever the encoder says', () => {
    const clips = [
      { header: avcHeader, pictures: avc.pictures, expected: GROUPS },
      {
        header: classicVideo(0x17, 0, avcClip('avc-intra-refresh.flv').record),
        pictures: avcClip('avc-intra-refresh.flv').pictures,
        expected: 'kiiiiiiiiiriiiiiiiii',
      },
      {
        header: classicVideo(0x17, 0, avcClip('avc-open-gop-slices.flv').record),
        pictures: avcClip('avc-open-gop-slices.flv').pictures,
        expected: 'kiiiiiiiriiiiiiiiiii',
      },
    ];
    const types = fc.array(fc.constantFrom(0, 1, 2, 4, 6, 7), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...clips), types, ({ header, pictures, expected }, marks) => {
        const feed = new VideoFeed();
        feed.read(header);
        const reads = feed.all(pictures.map((data, i) => classicVideo((marks[i]! << 4) | 7, 1, data)));
        assert.equal(roles(reads), expected);
        reads.forEach(({ body, flaws }, i) => {
          const mark = body![0]! >> 4;
          if (expected[i] === 'k') assert.ok(mark === 1 || mark === 4);
          else assert.equal(mark, 2);
          const isWrong = expected[i] === 'k' ? ![1, 4].includes(marks[i]!) : marks[i] !== 2;
          // FFmpeg marks what recovers as a key frame: that is put right, and no fault.
          const isFault = isWrong && !(expected[i] === 'r' && [1, 4].includes(marks[i]!));
          assert.deepEqual(flaws, isFault ? ['keyframe-flags-wrong'] : []);
          assert.equal(toHex(body!.subarray(1)), toHex(classicVideo(0, 1, pictures[i]!).subarray(1)));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('are put right in the form of Enhanced RTMP', () => {
    const feed = new VideoFeed();
    feed.read(hevcHeader);
    const key = feed.read(Uint8Array.of(0xa1, ...hevcFrames[0]!.subarray(1)));
    const inter = feed.read(Uint8Array.of(0x91, ...hevcFrames[1]!.subarray(1)));
    assert.deepEqual(
      [key.role, key.body![0], inter.role, inter.body![0]],
      ['keyframe', 0x91, 'interframe', 0xa1],
    );
    assert.deepEqual(flawsOf([key, inter]), ['keyframe-flags-wrong']);
  });

  it('are those of the encoder where the bytes do not tell', () => {
    const feed = new VideoFeed();
    feed.read(avcHeader);
    for (const [first, role] of [
      [0x17, 'keyframe'],
      [0x27, 'interframe'],
      [0x37, 'disposable'],
    ] as const) {
      const broken = classicVideo(first, 1, fromHex('7fffffff 65'));
      const read = feed.read(broken);
      assert.equal(read.role, role);
      assert.deepEqual(read.flaws, ['video-lengths-broken']);
      assert.equal(toHex(read.body!), toHex(broken));
    }
  });

  it('are other for what holds no picture', () => {
    const feed = new VideoFeed();
    feed.read(avcHeader);
    const messages = classicVideo(0x27, 1, lengthed([fromHex('0605 02 ffff 80')]));
    const read = feed.read(messages);
    assert.deepEqual([read.role, toHex(read.body!), read.flaws], ['other', toHex(messages), []]);
  });
});

describe('VideoReader: other codecs', () => {
  const enhanced = (fourCc: string, packetType: number, data: string, frameType = 1) =>
    enhancedBody({ kind: 'video', packetType, fourCc, data, frameType });

  it('VP9 and VP8 need no header, and say themselves what a key frame is', () => {
    const feed = new VideoFeed();
    assert.equal(feed.read(enhanced('vp09', 1, '8249834200', 2)).role, 'keyframe');
    assert.equal(feed.read(enhanced('vp09', 1, '8600', 1)).role, 'interframe');
    assert.equal(feed.read(enhanced('vp08', 1, '1002', 1)).role, 'keyframe');
    assert.equal(feed.reader.codec, 'vp8');
  });

  it('AV1 without a header plays from the sequence header of its key frames', () => {
    const frames = av1Clip().map((unit, i) => enhanced('av01', 1, toHex(unit), isKey(i) ? 1 : 2));
    const header = '906176303181000c000a0a00000002afff9b5f2008';
    const feed = new VideoFeed();
    assert.deepEqual(flawsOf(feed.all(frames.slice(5, 10))), ['video-header-missing']);
    const reads = feed.all(frames);
    assert.equal(toHex(reads[0]!.header!), header);
    assert.equal(reads.filter((read) => read.header).length, 1);
    assert.equal(roles(reads), GROUPS);
    assert.deepEqual(bodiesOf(reads), hexes(frames));
    assert.deepEqual(flawsOf(reads), ['video-header-in-band']);
    feed.read(fromHex(header));
    assert.deepEqual(flawsOf(feed.all(frames)), [], 'once the encoder sends one, it is the header');
    const classic = new VideoFeed().read(classicVideo(0x1d, 1, av1Clip()[0]!));
    assert.equal(toHex(classic.header!), '1d0000000081000c000a0a00000002afff9b5f2008');
  });

  it('VVC needs a header, and is looked into as well', () => {
    const feed = new VideoFeed();
    assert.deepEqual(feed.read(enhanced('vvc1', 1, '000000 00000002 0039')).flaws, ['video-header-missing']);
    feed.read(enhanced('vvc1', 0, 'ff00'));
    assert.equal(
      feed.read(enhanced('vvc1', 1, '000000 00000002 0039'.replaceAll(' ', ''), 2)).role,
      'keyframe',
    );
    assert.equal(
      feed.read(enhanced('vvc1', 1, '000000 00000002 0001'.replaceAll(' ', ''), 1)).role,
      'interframe',
    );
  });

  it('a codec id that nobody knows is told, and passed on by its mark', () => {
    for (const [first, role] of [
      [0x19, 'keyframe'],
      [0x29, 'interframe'],
    ] as const) {
      const read = new VideoFeed().read(Uint8Array.of(first, 1, 2, 3));
      assert.deepEqual([read.role, read.flaws], [role, ['video-unknown']]);
    }
  });

  it('an empty header is told', () => {
    const feed = new VideoFeed();
    assert.deepEqual(feed.read(enhanced('av01', 0, '')).flaws, ['video-header-empty']);
    assert.deepEqual(feed.read(enhanced('av01', 1, '12003202 1000'.replace(' ', ''))).flaws, [
      'video-header-empty',
    ]);
  });

  it('one stray packet of another codec takes nothing from what is known', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, avcFrames[0]!]);
    const stray = feed.read(hevcFrames[1]!);
    assert.deepEqual([stray.body, stray.flaws], [undefined, ['video-header-missing']]);
    assert.equal(feed.reader.codec, 'avc');
    assert.deepEqual(feed.read(avcFrames[1]!).header, undefined);
  });

  it('gives the header again when a codec returns', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, avcFrames[0]!, hevcHeader, hevcFrames[0]!]);
    assert.equal(feed.reader.codec, 'hevc');
    assert.equal(feed.read(avcHeader).body, undefined, 'it is known');
    assert.equal(toHex(feed.read(avcFrames[10]!).header!), toHex(avcHeader));
    assert.equal(toHex(feed.read(hevcFrames[10]!).header!), toHex(hevcHeader));
    assert.deepEqual(decodeHevcConfig(hevc.record).units.length > 0, true);
  });

  it('forgets everything with its publisher', () => {
    const feed = new VideoFeed();
    feed.all([avcHeader, avcFrames[0]!]);
    feed.reader.restart();
    assert.equal(feed.reader.codec, '');
    assert.equal(feed.reader.greyStart(), undefined);
    assert.deepEqual(feed.read(avcFrames[1]!).flaws, ['video-header-missing']);
  });
});

describe('VideoReader: the grey picture', () => {
  it('has the form of the frames, and a picture set that the encoder does not use', () => {
    const feed = new VideoFeed();
    assert.equal(feed.reader.greyStart(), undefined);
    feed.all([avcHeader, avcFrames[1]!]);
    const grey = feed.reader.greyStart()!;
    assert.equal(toHex(grey.subarray(0, 5)), '1701000000');
    const [set, slice] = unitsOf(grey.subarray(5));
    // ue(1): the encoder uses 0.
    assert.deepEqual([set![0], set![1]! >> 5, slice![0]], [0x68, 0b010, 0x65]);
    assert.equal(feed.reader.greyStart(), grey, 'it is made once');
    assert.equal(feed.read(grey).role, 'keyframe');
  });

  it('has the classic form where H.264 came under the name of H.265, and the other one where it came as avc1', () => {
    const record = toHex(avc.record);
    const as = (fourCc: string) => {
      const feed = new VideoFeed();
      const data = `000000${toHex(avc.pictures[1]!)}`;
      feed.read(enhancedBody({ kind: 'video', packetType: 0, fourCc, data: record }));
      feed.read(enhancedBody({ kind: 'video', packetType: 1, frameType: 2, fourCc, data }));
      return toHex(feed.reader.greyStart()!.subarray(0, 5));
    };
    assert.equal(as('hvc1'), '1701000000');
    assert.equal(as('avc1'), '9161766331');
  });

  it('is not made for H.265, nor for lengths that cannot hold it', () => {
    const feed = new VideoFeed();
    feed.all([hevcHeader, hevcFrames[0]!]);
    assert.equal(feed.reader.greyStart(), undefined);
    const short = avcHeader.slice();
    short[9] = 0xfd;
    feed.read(short);
    assert.equal(feed.reader.greyStart(), undefined);
  });
});

describe('VideoReader: whatever comes', () => {
  const packets = [
    avcHeader,
    hevcHeader,
    ...avcFrames.slice(0, 3),
    ...hevcFrames.slice(0, 3),
    withSets(avcFrames[0]!, [sps, pps]),
    startCodes(avcFrames[0]!, [sps, pps]),
    startCodes(avcFrames[1]!),
    classicVideo(0x17, 0, hevc.record),
    classicVideo(0x1c, 1, hevc.pictures[0]!),
    enhancedBody({
      kind: 'video',
      packetType: 1,
      fourCc: 'avc1',
      tracks: [
        { id: 0, data: '0000000000000265' },
        { id: 1, data: '00' },
      ],
    }),
  ];

  it('is read at every prefix, and what is given is no more than a little larger than what came', () => {
    for (const packet of packets) {
      everyPrefix(packet, (prefix) => {
        const feed = new VideoFeed();
        feed.read(avcHeader);
        const { body, header } = feed.read(prefix);
        assert.ok((body?.length ?? 0) <= 2 * prefix.length + 16);
        assert.ok((header?.length ?? 0) <= prefix.length + avcHeader.length + 64);
      });
    }
  });

  it('is read in any order and with any damage, without a fault', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    const damaged = fc.tuple(fc.constantFrom(...packets), damage, fc.nat(1)).map(([packet, changes, cut]) => {
      const copy = packet.slice(0, packet.length - cut);
      for (const [at, value] of changes) copy[at % Math.min(copy.length, 120)] = value;
      return copy;
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(damaged, fc.uint8Array({ maxLength: 40 })), { maxLength: 12 }),
        (some) => {
          const feed = new VideoFeed();
          for (const packet of some) {
            const { role, body } = feed.read(packet);
            if (role !== 'other' && role !== 'config') assert.ok(body, 'a frame has a body');
            assert.ok((feed.reader.greyStart()?.length ?? 0) < 200_000);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
