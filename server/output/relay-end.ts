import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import type { EndReason } from '../hub/sink.ts';

// The last tag between our own processes says why the stream ends, so that viewers elsewhere are told what those here are. It is a data tag
// with the secret of the server and the reason, and so nothing that a publisher could send.

const reasons: Readonly<Record<EndReason, true>> = {
  'stream-ended': true,
  'tracks-changed': true,
  'nothing-to-play': true,
  kicked: true,
  draining: true,
  'too-slow': true,
  overloaded: true,
  'played-out': true,
  disconnected: true,
};

export function encodeRelayEnd(reason: EndReason, secret: string): Uint8Array {
  const body = new TextEncoder().encode(`${secret} ${reason}`);
  return encodeFlvTags([{ kind: 'data', timestampMs: 0, body }]);
}

/** The reason, if this is the body of such a tag. */
export function readRelayEnd(body: Uint8Array, secret: string): EndReason | undefined {
  if (body.length > secret.length + 20) return undefined;
  const text = new TextDecoder().decode(body);
  const reason = text.slice(secret.length + 1);
  return text.startsWith(`${secret} `) && Object.hasOwn(reasons, reason) ? (reason as EndReason) : undefined;
}
