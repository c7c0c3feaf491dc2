import type { ClockFault, ClockFaultKind } from './clock-fault.ts';
import type { StreamWarning } from './snapshot.ts';
import type { ClockState } from './timestamp-aligner.ts';
import { spoken } from './track-warnings.ts';

/** Viewers see what the encoder filmed so long ago, and a little more. */
const MAX_LATE_MS = 3_000;

/** Units that encoders mix up with milliseconds, by how fast their numbers run. */
const units: readonly (readonly [rate: number, name: string])[] = [
  [1_000, 'microseconds'],
  [90, 'ticks of 90 kHz'],
  [48, 'samples of 48 kHz'],
  [44.1, 'samples of 44.1 kHz'],
  [0.001, 'seconds'],
];
/** How far a measured rate may be from that of its unit. */
const UNIT_SHARE = 0.05;

const goesOn = 'Viewers are given times that go on.';
const repair =
  'Update the encoder, or restart it. A library that sends the stream has to stamp frames in milliseconds that always go on.';

const advice: Readonly<Record<ClockFaultKind, string>> = {
  restarts: 'Let the encoder count its timestamps on when a file, a scene or a source begins again.',
  jumps: 'Let the encoder stamp frames with the time since it started, whatever its sources say.',
  frozen: repair,
  backwards: repair,
  fast: 'If a file is sent, send it in real time: in ffmpeg, -re before -i. Else the encoder uses another unit than milliseconds.',
  slow: 'If the computer of the encoder is not overloaded, the encoder uses another unit than milliseconds.',
  apart: 'Take sound and picture from one clock in the encoder. If they do not match, restart it.',
  late: 'Check the line of the encoder: it carries less than is sent.',
};

/** What the operator should know of the publisher's clocks: the timeline that viewers get is right all the same. */
export function clockWarnings({ audio, video, lateMs }: ClockState, nowMs: number): StreamWarning[] {
  const warnings: StreamWarning[] = [];
  if (audio && video && audio.kind === video.kind)
    warnings.push(warning('sound and picture', worse(audio, video), nowMs));
  else {
    if (video) warnings.push(warning('the picture', video, nowMs));
    if (audio) warnings.push(warning('the sound', audio, nowMs));
  }
  if (lateMs >= MAX_LATE_MS) {
    warnings.push({
      code: 'stream-late',
      message: `The stream arrives ${spoken(lateMs)} late. The encoder or its line does not keep up.`,
      advice: 'Lower the bitrate in the encoder, or use a better line.',
    });
  }
  return warnings;
}

const worse = (one: ClockFault, other: ClockFault): ClockFault => (other.times > one.times ? other : one);

const warning = (track: string, fault: ClockFault, nowMs: number): StreamWarning => ({
  code: `clock-${fault.kind}`,
  message: `${whatIsWrong(track, fault, nowMs)} ${goesOn}`,
  advice: advice[fault.kind],
});

function whatIsWrong(track: string, { kind, times, sinceMs, rate }: ClockFault, nowMs: number): string {
  const stamps = `The timestamps of ${track}`;
  const often = times === 1 ? 'once' : `${times} times in ${spoken(Math.max(1_000, nowMs - sinceMs))}`;
  switch (kind) {
    case 'restarts':
      return `${stamps} went back ${often} and started again.`;
    case 'jumps':
      return `${stamps} jumped ahead of time ${often}.`;
    case 'frozen':
      return `${stamps} stand still.`;
    case 'backwards':
      return `${stamps} run backwards.`;
    case 'fast':
    case 'slow':
      return `${stamps} run ${speed(kind, rate)}.`;
    case 'apart':
      return `${stamps} are on another clock than those of the other track.`;
    case 'late':
      return `${stamps} were more than half a minute behind.`;
    default:
      return kind satisfies never;
  }
}

function speed(kind: 'fast' | 'slow', rate: number | null): string {
  if (rate === null) return kind === 'fast' ? 'faster than time' : 'slower than time';
  const unit = units.find(([of]) => Math.abs(rate / of - 1) <= UNIT_SHARE);
  const times = rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2);
  return `${times} times as fast as time${unit ? `: they look like ${unit[1]}` : ''}`;
}
