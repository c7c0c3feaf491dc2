import { concatBytes } from '../../../shared/bytes/concat.ts';
import { amfCases } from './amf-cases.ts';
import { connected, handshake } from './bytes.ts';
import type { HostileCase } from './case.ts';
import { chunkCases, floodCases, handshakeCases } from './chunk-cases.ts';
import { orderCases, requestCases } from './command-cases.ts';

const behind = (opening: Uint8Array, cases: readonly HostileCase[]): HostileCase[] =>
  cases.map((one) => ({ ...one, bytes: concatBytes([opening, one.bytes]) }));

/** Everything that is sent to the RTMP port by somebody who means no good. */
export const hostileCases: readonly HostileCase[] = [
  ...handshakeCases,
  ...behind(handshake(), [...chunkCases, ...amfCases, ...orderCases]),
  ...behind(connected(), [...floodCases, ...requestCases]),
];
