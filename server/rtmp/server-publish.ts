// RTMP 1.0 section 7.2.2.6, and the FMLE conventions around it: releaseStream, FCPublish and FCUnpublish stand in no
// specification, are mandatory for neither side, and FMLE expects an answer to them.

import { amfObject, asString } from '../../shared/amf/amf-value.ts';
import type { RtmpCommand } from './command.ts';
import { canMean, isSameName, meantStream } from './meant-stream.ts';
import type { CommandTable, NetStream, ServerContext } from './server-context.ts';
import { stopPlay } from './server-play.ts';
import type { SessionNoteCode } from './session-note.ts';
import { statusCode } from './status-code.ts';
import { userControlEvent } from './user-control.ts';

export const publishCommands: CommandTable = {
  // It asks a server to free a stale publisher of the name. Nobody loses a stream on somebody's mere word.
  releaseStream: (context, command) => context.reply(command),
  FCPublish: (context, command) => {
    context.announced = asString(command.args[0]) ?? '';
    context.reply(command);
  },
  publish: onPublish,
  FCUnpublish: onFCUnpublish,
  closeStream: (context, command) => {
    endMeant(context, command, meantStream(context, command, undefined));
  },
  deleteStream: (context, command) => {
    const stream = meantStream(context, command, command.args[0]);
    endMeant(context, command, stream);
    if (stream !== undefined) context.streams.delete(stream.id);
  },
};

function onFCUnpublish(context: ServerContext, command: RtmpCommand): void {
  const { publisher, announced } = context;
  const [given] = command.args;
  if (publisher !== undefined && !canMean(context, given, publisher)) {
    context.reply(command);
    notObeyed(context, command, 'command-names-other-stream');
    return;
  }
  if (announced !== undefined && canMean(context, given, { name: announced })) context.announced = undefined;
  const info = amfObject({ code: statusCode.unpublishSuccess, description: 'Stopped publishing.' });
  context.wire.sendCommand(0, 'onFCUnpublish', 0, null, info);
  context.reply(command);
  if (publisher !== undefined) endByPeer(context, publisher, 'FCUnpublish');
}

/** Ends what is done on the stream that a closeStream or deleteStream means. */
function endMeant(context: ServerContext, command: RtmpCommand, stream: NetStream | undefined): void {
  const name = command.name === 'deleteStream' ? 'deleteStream' : 'closeStream';
  if (stream === undefined) {
    context.reply(command);
    notObeyed(context, command, 'command-on-unknown-stream');
  } else if (stream === context.publisher) endByPeer(context, stream, name);
  else stopPlay(context, stream, name);
}

/** A command that ends something named what this connection does not have. */
function notObeyed(context: ServerContext, command: RtmpCommand, code: SessionNoteCode): void {
  if (context.inUse.length > 0) context.note(code, { command: command.name });
  if (context.publisher !== undefined) context.endedInVain = command.name;
}

function onPublish(context: ServerContext, command: RtmpCommand): void {
  const id = command.messageStreamId;
  const name = asString(command.args[0]) ?? '';
  if (context.publisher !== undefined && !makesRoom(context, context.publisher, command)) return;
  // Some hardware encoders skip createStream and publish on stream 0 or one they made up.
  const stream = context.openStream(id);
  if (stream === undefined) {
    context.notPossible('publish', 'too-many-streams', command);
    return;
  }
  if (stream.state !== 'idle') stopPlay(context, stream, 'closeStream');
  stream.state = 'publish-pending';
  stream.name = name;
  stream.asked = true;
  context.publisher = stream;
  const publishType = asString(command.args[1])?.toLowerCase() || 'live';
  context.events.push({ type: 'publish-request', messageStreamId: id, name, publishType });
}

/** What a publish means beside one that is on: the same again, its end, a new one in its place, or more than one connection may. */
function makesRoom(context: ServerContext, active: NetStream, command: RtmpCommand): boolean {
  const { messageStreamId: id } = command;
  const [given] = command.args;
  const isOwn = active.id === id;
  // Wirecast asks twice for the same.
  if (isOwn && typeof given === 'string' && isSameName(context, given, active.name)) {
    sendPublishStart(context, active);
    return false;
  }
  // NetStream.publish(false) of Flash: stop. Wirecast says it without a name.
  if (isOwn && (given === false || given === '')) {
    endByPeer(context, active, 'closeStream');
    return false;
  }
  const { endedInVain } = context;
  if (endedInVain !== undefined) {
    context.note('publish-replaced', { command: endedInVain });
    endByPeer(context, active, 'deleteStream');
    return true;
  }
  // What comes on that stream from now on is no part of this publish.
  const other = context.openStream(id);
  if (other !== undefined) other.asked = true;
  context.notPossible('publish', 'publishes-already', command);
  return false;
}

export function sendPublishStart(context: ServerContext, stream: NetStream): void {
  const start = { code: statusCode.publishStart, description: 'Publishing.' };
  if (context.announced !== undefined) context.wire.sendCommand(0, 'onFCPublish', 0, null, amfObject(start));
  context.announced = undefined;
  context.wire.sendUserControl({ event: userControlEvent.streamBegin, value: stream.id });
  context.sendStatus(stream.id, { level: 'status', ...start });
}

/** Takes the publish away from its stream, which stays and can be used again. */
export function endPublish(context: ServerContext, stream: NetStream): void {
  stream.state = 'idle';
  stream.name = '';
  context.publisher = undefined;
  context.endedInVain = undefined;
}

function endByPeer(
  context: ServerContext,
  stream: NetStream,
  reason: 'FCUnpublish' | 'deleteStream' | 'closeStream',
): void {
  endPublish(context, stream);
  const description = 'Stopped publishing.';
  context.sendStatus(stream.id, { level: 'status', code: statusCode.unpublishSuccess, description });
  context.events.push({ type: 'unpublish', messageStreamId: stream.id, reason });
}
