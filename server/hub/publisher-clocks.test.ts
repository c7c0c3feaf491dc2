import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ClockFaultKind } from './clock-fault.ts';
import { TimestampAligner } from './timestamp-aligner.ts';

type Kind = 'audio' | 'video';

/** A frame that was made at `madeMs`, got to the server at `arrivedMs`, and was put at `outMs` on the timeline. */
interface Frame {
  readonly kind: Kind;
  readonly madeMs: number;
  arrivedMs: number;
  outMs: number;
  /** Faults that were known by then. */
  faults: ClockFaultKind[];
  /** How late the whole stream was said to be. */
  lateMs: number;
}

interface Publishing {
  /** What the publisher stamps a frame with. */
  readonly stamp: (madeMs: number, kind: Kind) => number;
  readonly seconds?: number;
  readonly fps?: number;
  readonly kinds?: readonly Kind[];
  /** When the publisher sends a frame; undefined: never. */
  readonly sends?: (madeMs: number, kind: Kind) => number | undefined;
  /** When what is sent arrives: a line delays, and never changes the order. */
  readonly line?: (sentMs: number) => number;
}

const SOUND_MS = 1024 / 44.1;

function publish({ stamp, seconds = 20, fps = 25, kinds = ['video', 'audio'], ...of }: Publishing): Frame[] {
  const { sends = (madeMs) => madeMs, line = (sentMs) => sentMs } = of;
  const frames: (Frame & { sentMs: number })[] = [];
  for (const kind of kinds) {
    const stepMs = kind === 'video' ? 1000 / fps : SOUND_MS;
    for (let madeMs = 0; madeMs < seconds * 1000; madeMs += stepMs) {
      const sentMs = sends(madeMs, kind);
      if (sentMs === undefined) continue;
      frames.push({ kind, madeMs, sentMs, arrivedMs: 0, outMs: 0, faults: [], lateMs: 0 });
    }
  }
  frames.sort((a, b) => a.sentMs - b.sentMs || a.madeMs - b.madeMs);
  const aligner = new TimestampAligner();
  let nowMs = 0;
  for (const frame of frames) {
    nowMs = Math.max(nowMs, Math.round(line(frame.sentMs)));
    frame.arrivedMs = nowMs;
    frame.outMs = aligner.align(frame.kind, Math.round(stamp(frame.madeMs, frame.kind)) >>> 0, nowMs);
    const { audio, video, lateMs } = aligner.state(nowMs);
    frame.lateMs = lateMs;
    frame.faults = [audio?.kind, video?.kind].filter((kind) => kind !== undefined);
  }
  return frames;
}

const ofKind = (frames: readonly Frame[], kind: Kind) => frames.filter((frame) => frame.kind === kind);

/** Fails unless every track moves: never back, never still for longer than `stillMs`, and near the time of arrival. */
function assertMoves(frames: readonly Frame[], { stillMs = 900, awayMs = 2_000, endMs = 400 } = {}): void {
  const startMs = frames[0]?.arrivedMs ?? 0;
  const away = ({ arrivedMs, outMs }: Frame) => Math.abs(outMs - (arrivedMs - startMs));
  for (const kind of ['audio', 'video'] as const) {
    let last: Frame | undefined;
    for (const frame of ofKind(frames, kind)) {
      assert.ok(last === undefined || frame.outMs >= last.outMs, `${kind} went back at ${frame.arrivedMs}`);
      assert.ok(away(frame) <= awayMs, `${kind} is ${away(frame)} ms from time at ${frame.arrivedMs}`);
      if (last === undefined || frame.outMs > last.outMs) last = frame;
      const still = frame.arrivedMs - last.arrivedMs;
      assert.ok(still <= stillMs, `${kind} stood still for ${still} ms at ${frame.arrivedMs}`);
    }
    for (const frame of ofKind(frames, kind).slice(-10)) {
      assert.ok(away(frame) <= endMs, `${kind} ends ${away(frame)} ms from time`);
    }
  }
}

const firstFaultMs = (frames: readonly Frame[]): number | undefined =>
  frames.find(({ faults }) => faults.length > 0)?.arrivedMs;

/** Whether both tracks of a clock are right, and together, in the first two seconds. */
const beginsWell = (stamp: Publishing['stamp']): boolean =>
  [40, 400, 1_960].every(
    (at) => stamp(at, 'video') - stamp(0, 'video') === at && stamp(at, 'audio') === stamp(at, 'video'),
  );

/** Fails unless each frame is where the publisher put it, and nothing is said against its clock. */
function assertKept(frames: readonly Frame[]): void {
  const offsetMs = (frames[0]?.outMs ?? 0) - Math.round(frames[0]?.madeMs ?? 0);
  for (const { outMs, madeMs, kind, faults } of frames) {
    assert.equal(outMs, Math.round(madeMs) + offsetMs, `${kind} at ${madeMs}`);
    assert.deepEqual(faults, []);
  }
}

const right = (madeMs: number) => madeMs + 5_000;

describe('A publisher whose clock is right', () => {
  it('keeps its timestamps through jitter, stalls of its line, and any start', () => {
    const stall = fc.record({
      atMs: fc.integer({ min: 0, max: 15_000 }),
      forMs: fc.integer({ min: 0, max: 15_000 }),
    });
    const line = fc.record({
      jitterMs: fc.integer({ min: 0, max: 700 }),
      jitter: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 }),
      stalls: fc.array(stall, { maxLength: 2 }),
      startMs: fc.constantFrom(0, 5_000, 2 ** 31 - 7_000, 2 ** 32 - 7_000),
      fps: fc.constantFrom(0.5, 1, 10, 25, 60),
      kinds: fc.constantFrom<readonly Kind[]>(['video', 'audio'], ['audio'], ['video']),
    });
    fc.assert(
      fc.property(line, ({ jitterMs, jitter, stalls, startMs, fps, kinds }) => {
        let frame = 0;
        assertKept(
          publish({
            fps,
            kinds,
            stamp: (madeMs) => startMs + madeMs,
            line: (sentMs) => {
              const held = stalls.find(({ atMs, forMs }) => sentMs >= atMs && sentMs < atMs + forMs);
              return (held ? held.atMs + held.forMs : sentMs) + jitter[frame++ % 50]! * jitterMs;
            },
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  const kept: readonly (readonly [string, Partial<Publishing>])[] = [
    [
      'sound in blocks of three seconds',
      { sends: (at, kind) => (kind === 'audio' ? Math.floor(at / 3_000) * 3_000 + 3_000 : at) },
    ],
    ['everything in blocks of three seconds', { sends: (at) => Math.floor(at / 3_000) * 3_000 + 3_000 }],
    ['a burst of five seconds that were kept for those who join', { line: (at) => Math.max(at, 5_000) }],
    [
      'a line that carries three fifths for six seconds',
      { line: (at) => (at < 5_000 ? at : at < 9_000 ? 5_000 + (at - 5_000) / 0.6 : Math.max(at, 12_000)) },
    ],
    ['a drift of three in ten thousand', { seconds: 300, sends: (at) => at * 1.0003 }],
    ['one picture in ten seconds', { fps: 0.1, seconds: 90, kinds: ['video'] }],
    ['one picture in ten seconds beside sound', { fps: 0.1, seconds: 60 }],
    [
      'sound that pauses for ten seconds',
      { seconds: 30, sends: (at, kind) => (kind === 'audio' && at > 5_000 && at < 15_000 ? undefined : at) },
    ],
    [
      'a pause of everything for twenty seconds',
      { seconds: 40, sends: (at) => (at > 5_000 && at < 25_000 ? undefined : at) },
    ],
  ];
  for (const [what, how] of kept) {
    it(`keeps its timestamps: ${what}`, () => assertKept(publish({ stamp: right, ...how })));
  }
});

describe('A publisher whose clock is wrong', () => {
  const wrong: readonly (readonly [string, ClockFaultKind, Publishing['stamp'], Partial<Publishing>?])[] = [
    ['begins again each second', 'restarts', (at) => at % 1_000],
    ['begins again five times a second', 'restarts', (at) => at % 200],
    [
      'begins again three times a second, the picture alone',
      'restarts',
      (at, kind) => (kind === 'video' ? at % 300 : at),
    ],
    ['begins again each second, sound alone', 'restarts', (at) => at % 1_000, { kinds: ['audio'] }],
    ['goes back by 800 ms', 'restarts', (at) => (at < 2_000 ? at + 800 : at)],
    ['jumps back by an hour', 'restarts', (at) => (at < 2_000 ? at + 3_600_000 : at)],
    ['jumps ahead by an hour', 'jumps', (at) => (at < 2_000 ? at : at + 3_600_000)],
    ['jumps ahead by three seconds', 'jumps', (at) => (at < 2_000 ? at : at + 3_000)],
    ['jumps to and fro', 'jumps', (at) => (Math.floor(at / 2_000) % 2 ? at + 10_000_000 : at)],
    ['counts microseconds', 'fast', (at) => at * 1_000],
    ['counts ticks of 90 kHz', 'fast', (at) => at * 90],
    ['counts samples of sound', 'fast', (at, kind) => (kind === 'audio' ? at * 44.1 : at)],
    ['counts samples of telephone sound', 'fast', (at, kind) => (kind === 'audio' ? at * 8 : at)],
    ['runs at twice the speed', 'fast', (at) => at * 2],
    ['runs at half the speed', 'slow', (at) => at / 2],
    ['counts seconds', 'frozen', (at) => at / 1_000],
    ['stands at 0', 'frozen', () => 0],
    ['stands at 0, the picture alone', 'frozen', (at, kind) => (kind === 'video' ? 0 : at)],
    ['stands at 0, the sound alone', 'frozen', (at, kind) => (kind === 'audio' ? 0 : at)],
    ['stops', 'frozen', (at) => Math.min(at, 2_000)],
    ['runs backwards', 'backwards', (at) => 1_000_000 - at],
    ['is a saw', 'fast', (at) => (at * 1.5) % 3_000],
    [
      'has an hour between sound and picture',
      'apart',
      (at, kind) => (kind === 'audio' ? at : at + 3_600_000),
    ],
    [
      'has five seconds between sound and picture',
      'apart',
      (at, kind) => (kind === 'audio' ? at : at + 5_000),
    ],
  ];
  for (const [what, fault, stamp, how] of wrong) {
    it(`${what}: time goes on, and it is said within three seconds`, () => {
      const frames = publish({ stamp, ...how });
      assertMoves(frames);
      assert.ok(
        frames.some(({ faults }) => faults.includes(fault)),
        `${fault} was never said`,
      );
      // Those that begin well go wrong after two seconds.
      const wrongFromMs = beginsWell(stamp) ? 2_000 : 0;
      assert.ok((firstFaultMs(frames) ?? Number.POSITIVE_INFINITY) <= wrongFromMs + 3_000);
    });
  }

  it('counts in another unit, and its tracks do not begin together: time goes on, and no line is blamed', () => {
    const rates = [1.5, 2, 3, 8, 10, 16, 22.05, 30, 44.1, 48, 90, 1_000];
    const wrongKinds: readonly (readonly Kind[])[] = [['audio', 'video'], ['video'], ['audio']];
    for (const rate of rates)
      for (const wrongOnes of wrongKinds)
        for (const second of ['audio', 'video'] as const)
          for (const afterMs of [0, 7, 23, 40, 120]) {
            const stamp = (at: number, kind: Kind) => (wrongOnes.includes(kind) ? at * rate : at);
            const sends = (at: number, kind: Kind) => (kind === second && at < afterMs ? undefined : at);
            const frames = publish({ stamp, sends, seconds: 12 });
            const what = `${rate} ${wrongOnes} ${second} ${afterMs}`;
            try {
              assertMoves(frames, { stillMs: 2_000, awayMs: 6_000, endMs: 1_500 });
            } catch (error) {
              assert.fail(`${what}: ${error}`);
            }
            const lateMs = Math.max(...frames.map((frame) => frame.lateMs));
            assert.ok(lateMs < 3_000, `${what}: said to be ${lateMs} ms late`);
          }
  });

  it('is found out slowly where it is nearly right, and does not run away', () => {
    for (const rate of [0.9, 0.95, 1.05, 1.1]) {
      const frames = publish({ stamp: (at) => at * rate, seconds: 120 });
      assertMoves(frames, { awayMs: 2_500, endMs: 1_500 });
      assert.ok(
        frames.some(({ faults }) => faults.length > 0),
        `${rate}`,
      );
    }
  });

  it('goes on with the timestamps once they are right again, with sound and picture in their places', () => {
    const broken: Publishing['stamp'][] = [
      () => 0,
      (at) => at * 1_000,
      (at) => at % 200,
      (at) => 1_000_000 - at,
      (at) => at / 2,
      (at, kind) => (kind === 'audio' ? 0 : at),
    ];
    for (const [index, stamp] of broken.entries()) {
      const frames = publish({
        stamp: (at, kind) => (at < 6_000 ? stamp(at, kind) : at + 1_000_000),
        seconds: 40,
      });
      const late = frames.filter(({ madeMs }) => madeMs > 30_000);
      const offsets = new Set(late.map(({ outMs, madeMs }) => outMs - Math.round(madeMs)));
      assert.ok(Math.max(...offsets) - Math.min(...offsets) <= 1, `${index}: ${[...offsets]}`);
      assert.deepEqual(late.at(-1)?.faults, [], 'and nothing is said any longer');
    }
  });

  it('that stood for a while is back where it would have been', () => {
    const frames = publish({ stamp: (at) => (at > 5_000 && at < 8_000 ? 5_000 : at) });
    for (const { madeMs, outMs } of frames.filter((frame) => frame.madeMs > 8_500)) {
      assert.equal(outMs, Math.round(madeMs));
    }
  });

  it('moves with time whatever comes after whatever else', () => {
    const clock = fc.oneof(
      fc.integer({ min: 50, max: 5_000 }).map((period) => (at: number) => at % period),
      fc
        .constantFrom(0, 0.001, 0.3, 0.5, 1, 1.5, 2, 8, 44.1, 90, 1_000, -1)
        .map((rate) => (at: number) => at * rate),
      fc.integer({ min: 0, max: 0xffffffff }).map((offset) => (at: number) => at + offset),
      fc.integer({ min: 0, max: 0xffffffff }).map((constant) => () => constant),
      fc.integer({ min: 1, max: 1_000_000 }).map((spread) => (at: number) => (at * 7_919) % spread),
    );
    const seconds = 24;
    fc.assert(
      fc.property(fc.array(clock, { minLength: 3, maxLength: 3 }), fc.boolean(), (clocks, soundIsRight) => {
        const frames = publish({
          seconds,
          stamp: (at, kind) =>
            kind === 'audio' && soundIsRight
              ? at
              : clocks[Math.floor((at * clocks.length) / (seconds * 1_000))]!(at),
        });
        assertMoves(frames, { stillMs: 2_500, awayMs: 6_500, endMs: 6_500 });
      }),
      { numRuns: 150 },
    );
  });
});
