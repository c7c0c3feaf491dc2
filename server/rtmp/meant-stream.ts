import type { AmfValue } from '../../shared/amf/amf-value.ts';
import { askedName } from './asked-name.ts';
import type { RtmpCommand } from './command.ts';
import type { NetStream, ServerContext } from './server-context.ts';

/** Encoders leave the name out, or send null or an empty text for it: then nothing is named. */
const namesNothing = (value: AmfValue): value is undefined | null | '' =>
  value === undefined || value === null || value === '';

/**
 * Whether a command that gives this name, or this number, can mean the stream. Without either it can: a connection publishes one.
 * Names are compared as everywhere: a query, a prefix or the app in front makes no other stream.
 */
export function canMean(
  context: ServerContext,
  given: AmfValue,
  stream: { readonly name: string; readonly id?: number },
): boolean {
  if (namesNothing(given)) return true;
  if (typeof given === 'number') return given === stream.id;
  return typeof given === 'string' && isSameName(context, given, stream.name);
}

/** Whether two raw names, as one client sends them, stand for one stream. */
export function isSameName(context: ServerContext, a: string, b: string): boolean {
  if (a === b) return true;
  const published = askedName(context.connectRequest, b);
  if (!published.ok) return false;
  // Some give the whole path, with the app, where others give the key.
  return [askedName(context.connectRequest, a), askedName(undefined, a)].some(
    (name) => name.ok && name.name === published.name,
  );
}

/**
 * The message stream that a deleteStream or closeStream means: the one of the given number, the one that publishes the given name
 * (GStreamer's rtmp2sink sends that), or without either the one that the message came on. The connection itself (0) is no stream, so
 * a message on it means the only one in use, if there is one.
 */
export function meantStream(
  context: ServerContext,
  command: RtmpCommand,
  given: AmfValue,
): NetStream | undefined {
  const { streams, publisher } = context;
  if (typeof given === 'number') return streams.get(given);
  if (!namesNothing(given)) {
    return publisher !== undefined && canMean(context, given, publisher) ? publisher : undefined;
  }
  const own = streams.get(command.messageStreamId);
  if (command.messageStreamId !== 0 || (own !== undefined && own.state !== 'idle')) return own;
  const { inUse } = context;
  return inUse.length === 1 ? inUse[0] : own;
}
