// RTMP 1.0 section 7.2.2.6, and the FMLE conventions around it: releaseStream, FCPublish and FCUnpublish stand in no
// specification, are mandatory for neither side, and FMLE expects an answer to them.

import { amfObject, asNumber, asString } from '../../shared/amf/amf-value.ts';
import type { RtmpCommand } from './command.ts';
import type { CommandTable, NetStream, ServerContext } from './server-context.ts';
import { stopPlay } from './server-play.ts';
import { statusCode } from './status-code.ts';
import { userControlEvent } from './user-control.ts';

export const publishCommands: CommandTable = {
  // It asks a server to free a stale publisher of the name. Nobody loses a stream on somebody's mere word.
  releaseStream: (context, command) => context.reply(command),
  FCPublish: (context, command) => {
    context.announced = true;
    context.reply(command);
  },
  publish: onPublish,
  FCUnpublish: (context, command) => {
    context.announced = false;
    const info = amfObject({ code: statusCode.unpublishSuccess, description: 'Stopped publishing.' });
    context.wire.sendCommand(0, 'onFCUnpublish', 0, null, info);
    context.reply(command);
    if (context.publisher !== undefined) endByPeer(context, context.publisher, 'FCUnpublish');
  },
  closeStream: (context, command) => {
    const stream = context.streams.get(command.messageStreamId) ?? context.publisher;
    if (stream === undefined) return;
    if (stream === context.publisher) endByPeer(context, stream, 'closeStream');
    else stopPlay(context, stream, 'closeStream');
  },
  deleteStream: (context, command) => {
    const stream = deletedStream(context, command);
    if (stream === undefined) return;
    if (stream === context.publisher) endByPeer(context, stream, 'deleteStream');
    else stopPlay(context, stream, 'deleteStream');
    context.streams.delete(stream.id);
  },
};

// GStreamer's rtmp2sink gives the stream's name instead of its id: then its own publish is meant.
function deletedStream(context: ServerContext, command: RtmpCommand): NetStream | undefined {
  const id = asNumber(command.args[0]);
  if (id !== undefined) return context.streams.get(id);
  return context.publisher ?? context.streams.get(command.messageStreamId);
}

function onPublish(context: ServerContext, command: RtmpCommand): void {
  const id = command.messageStreamId;
  const name = asString(command.args[0]) ?? '';
  const active = context.publisher;
  if (active !== undefined) {
    // Wirecast asks twice for the same; a second name is more than one connection may publish.
    if (active.id === id && active.name === name) sendPublishStart(context, active);
    else context.notPossible('publish', 'publishes-already', command);
    return;
  }
  // Some hardware encoders skip createStream and publish on stream 0 or one they made up.
  const stream = context.openStream(id);
  if (stream === undefined) {
    context.notPossible('publish', 'too-many-streams', command);
    return;
  }
  if (stream.state !== 'idle') stopPlay(context, stream, 'closeStream');
  stream.state = 'publish-pending';
  stream.name = name;
  context.publisher = stream;
  const publishType = asString(command.args[1])?.toLowerCase() || 'live';
  context.events.push({ type: 'publish-request', messageStreamId: id, name, publishType });
}

export function sendPublishStart(context: ServerContext, stream: NetStream): void {
  const start = { code: statusCode.publishStart, description: 'Publishing.' };
  if (context.announced) context.wire.sendCommand(0, 'onFCPublish', 0, null, amfObject(start));
  context.announced = false;
  context.wire.sendUserControl({ event: userControlEvent.streamBegin, value: stream.id });
  context.sendStatus(stream.id, { level: 'status', ...start });
}

/** Takes the publish away from its stream, which stays and can be used again. */
export function endPublish(context: ServerContext, stream: NetStream): void {
  stream.state = 'idle';
  stream.name = '';
  context.publisher = undefined;
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
