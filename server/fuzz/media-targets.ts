import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeAv1Record } from '../../shared/codec/av1-record.ts';
import { greyAvcPicture } from '../../shared/codec/avc-grey-picture.ts';
import { decodeAvcSps } from '../../shared/codec/avc-sps.ts';
import { decodeHevcSps } from '../../shared/codec/hevc-sps.ts';
import {
  hasStartCodes,
  newNalWalk,
  nextWithLength,
  nextWithStartCode,
  walkFrom,
  withLengths,
} from '../../shared/codec/nal-units.ts';
import { newPictureScan, scanPicture } from '../../shared/codec/picture-scan.ts';
import type { PacketKind } from '../../shared/media/media-packet.ts';
import { av1Clip, avcClip, avcSetsOf, startCoded } from '../../shared/testing/clips.ts';
import * as packets from '../../shared/testing/packets.ts';
import { BodyArena } from '../hub/body-arena.ts';
import { PacketIntake } from '../hub/packet-intake.ts';
import { TrackMonitor } from '../hub/track-monitor.ts';
import { HubHarness } from '../test/hub-harness.ts';
import { attempt, whole } from './attempt.ts';
import type { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';
import type { Trace } from './trace.ts';

// What reads the media of a publisher: nothing of it may throw, whatever comes.

const { avc, avcFrames, avcHeader, avcSets, hevc, hevcAsAvc, hevcFrames, hevcHeader, hevcSets } = packets;

interface Message {
  readonly kind: PacketKind;
  readonly body: Uint8Array;
}

const kinds: readonly PacketKind[] = ['audio', 'video', 'data'];

/** Messages as bytes: kind 1 | size 2 | body. */
const written = (messages: readonly Message[]): Uint8Array =>
  concatBytes(
    messages.flatMap(({ kind, body }) => [
      Uint8Array.of(kinds.indexOf(kind), body.length >> 8, body.length & 0xff),
      body,
    ]),
  );

/** What damage has made of them: whatever there is, is some message. */
function readMessages(bytes: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 3 <= bytes.length; ) {
    const size = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const kind = kinds[bytes[at]! % 3]!;
    messages.push({ kind, body: bytes.subarray(at + 3, at + 3 + size) });
    at += 3 + size;
  }
  return messages;
}

const video = (...bodies: readonly Uint8Array[]): Message[] =>
  bodies.map((body) => ({ kind: 'video', body }));
const audio = (...bodies: readonly Uint8Array[]): Message[] =>
  bodies.map((body) => ({ kind: 'audio', body }));
const coded = avcFrames.map((frame, i) => packets.startCodes(frame, packets.isKey(i) ? avcSets : []));
const av1Frames = av1Clip().map((unit) => concatBytes([fromHex('9161763031'), unit]));
const refresh = avcClip('avc-intra-refresh.flv');

/** Short pieces of what encoders send, which are put behind each other. */
const pieces: readonly (readonly Message[])[] = [
  video(avcHeader, ...avcFrames.slice(0, 3)),
  video(...packets.inBand(avcFrames, avcSets).slice(9, 12)),
  video(...coded.slice(0, 3)),
  video(hevcHeader, ...hevcFrames.slice(0, 3)),
  video(...packets.inBand(hevcFrames, hevcSets, 8).slice(0, 2)),
  video(...av1Frames.slice(0, 2), av1Frames[10]!),
  video(...packets.inBand(hevcAsAvc, hevcSets).slice(0, 3)),
  audio(packets.aacHeader, ...packets.aacBodies.slice(0, 3)),
  audio(...packets.adtsBodies.slice(0, 3)),
  audio(packets.mp3Body, packets.mp3Body),
];

const session = (random: Random): Uint8Array =>
  written(Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).flat());

/** All of it in memory at once may be a few times what came, and what a stream has at least. */
const MIN_BYTES = 64 * 1024;

function runIntake(bytes: Uint8Array, trace: Trace): void {
  const arena = new BodyArena();
  const intake = new PacketIntake(new TrackMonitor(), arena);
  const messages = readMessages(bytes);
  messages.forEach(({ kind, body }, i) => {
    const given = intake.take(kind, 40 * i, body, 40 * i);
    trace.add(given);
    let size = 0;
    for (const packet of given) size += packet.body.length;
    if (size > 4 * body.length + 4096) throw new Error(`${size} bytes of ${body.length}`);
  });
  trace.add(intake.flaws.current(40 * messages.length));
  trace.add(intake.greyStart());
  const held = arena.bytes + intake.headers.reduce((sum, { body }) => sum + body.length, 0);
  if (held > 8 * bytes.length + MIN_BYTES) throw new Error(`${held} bytes held of ${bytes.length}`);
}

/** A hub and a viewer from the start, so that time, cache and outputs see it as well. */
function runHub(bytes: Uint8Array, trace: Trace): void {
  const world = new HubHarness();
  const { publisher } = world.publish();
  const { sink } = world.watch();
  readMessages(bytes).forEach(({ kind, body }, i) => {
    publisher.received(body.length, world.clock.monotonicMs());
    publisher.push(kind, 400 * i, body);
    publisher.flush();
    world.clock.advance(400);
    world.hub.tick();
  });
  const { sink: late } = world.watch();
  world.hub.tick();
  trace.add(world.hub.stream('live/a'));
  for (const { parts, ended, flv } of [sink, late].filter((one) => one.parts.length > 0)) {
    trace.add([parts, ended, flv.tags.length]);
  }
  publisher.leave('unpublished');
}

function runUnits(bytes: Uint8Array, trace: Trace): void {
  const walk = newNalWalk();
  const scan = newPictureScan();
  for (const size of [1, 2, 3, 4]) {
    walkFrom(walk, 0, bytes.length);
    while (nextWithLength(bytes, walk, size)) trace.add([walk.start, walk.end]);
    for (const codec of ['avc', 'hevc', 'vvc'] as const) {
      scanPicture(codec, bytes, 0, bytes.length, size, scan);
      trace.add({ ...scan });
    }
    trace.add(hasStartCodes(bytes, 0, bytes.length, size));
  }
  walkFrom(walk, 0, bytes.length);
  while (nextWithStartCode(bytes, walk)) trace.add([walk.start, walk.end]);
  if (withLengths(bytes, 0, 4).length > 4 * bytes.length) throw new Error('more than was there');
}

const mediaSeeds = pieces.map(written);

export const mediaTargets: readonly FuzzTarget[] = [
  { ...whole('intake', mediaSeeds, runIntake), generate: session },
  { ...whole('mended', mediaSeeds, runHub), generate: session },
  whole(
    'units',
    [avc.pictures[0]!, avc.pictures[1]!, hevc.pictures[0]!, startCoded(avcSets), coded[0]!.subarray(5)],
    runUnits,
  ),
  whole(
    'grey',
    [avcSets[0]!, avcSetsOf(refresh.record).sps, hevcSets[1]!, av1Clip()[0]!.subarray(0, 24)],
    (bytes, trace) => {
      attempt(trace, () => greyAvcPicture(decodeAvcSps(bytes), 1));
      attempt(trace, () => decodeHevcSps(bytes));
      attempt(trace, () => encodeAv1Record(bytes));
    },
  ),
];
