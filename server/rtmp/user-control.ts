// RTMP 1.0 section 7.1.7: user control messages (type 4), an event id and its data. 31 and 32 come from Flash Media
// Server; what is not listed here is ignored by everybody.

import { ByteReader } from '../../shared/bytes/byte-reader.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';

export const userControlEvent = {
  streamBegin: 0,
  streamEof: 1,
  streamDry: 2,
  setBufferLength: 3,
  streamIsRecorded: 4,
  pingRequest: 6,
  pingResponse: 7,
  bufferEmpty: 31,
  bufferReady: 32,
} as const;

export interface UserControl {
  readonly event: number;
  /** The message stream, or the time of a ping. */
  readonly value: number;
  /** Set Buffer Length only. */
  readonly bufferLengthMs?: number;
}

/** `undefined` for an event that is not known or is shorter than it should be: both are ignored. */
export function decodeUserControl(body: Uint8Array): UserControl | undefined {
  if (body.length < 6) return undefined;
  const reader = new ByteReader(body);
  const event = reader.u16();
  if (!knownEvents.has(event)) return undefined;
  const value = reader.u32();
  if (event !== userControlEvent.setBufferLength) return { event, value };
  return reader.remaining < 4 ? undefined : { event, value, bufferLengthMs: reader.u32() };
}

export function encodeUserControl(control: UserControl): Uint8Array {
  const writer = new ByteWriter(10).u16(control.event).u32(control.value);
  if (control.bufferLengthMs !== undefined) writer.u32(control.bufferLengthMs);
  return writer.finish();
}

const knownEvents: ReadonlySet<number> = new Set(Object.values(userControlEvent));
