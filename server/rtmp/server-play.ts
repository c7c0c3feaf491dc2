// RTMP 1.0 sections 7.2.2.1 to 7.2.2.9: play and what a player may ask for meanwhile. Every stream is live.

import { type AmfValue, amfObject, asBoolean, asNumber, asString } from '../../shared/amf/amf-value.ts';
import type { RtmpCommand } from './command.ts';
import { messageType } from './message.ts';
import { playDurationMs } from './play-duration.ts';
import type { CommandTable, NetStream, ServerContext } from './server-context.ts';
import { statusCode } from './status-code.ts';
import { userControlEvent } from './user-control.ts';

export const playCommands: CommandTable = {
  play: onPlay,
  pause: onPause,
  // Flash Player 10 says it this way when it wants to keep what it has buffered.
  pauseRaw: onPause,
  // Live has no other place to go to: say so and play on.
  seek: (context, command) => {
    const stream = playingStream(context, command);
    if (stream !== undefined) notifySeek(context, stream);
  },
  // librtmp and the players of content networks ask for it before play, some wait for the answer.
  FCSubscribe: (context, command) => {
    context.reply(command);
    sendSubscription(context, 'onFCSubscribe', statusCode.playStart);
  },
  FCUnsubscribe: (context, command) => {
    context.reply(command);
    sendSubscription(context, 'onFCUnsubscribe', statusCode.playStop);
  },
  receiveAudio: (context, command) => onReceive(context, command, 'receive-audio'),
  receiveVideo: (context, command) => onReceive(context, command, 'receive-video'),
};

function sendSubscription(context: ServerContext, name: string, code: string): void {
  context.wire.sendCommand(0, name, 0, null, amfObject({ level: 'status', code, description: 'Live.' }));
}

/**
 * Every start is now, also a position: librtmp and so rtmpdump ask for position 0 of streams that are live, unless they are
 * told that those are.
 */
function onPlay(context: ServerContext, command: RtmpCommand): void {
  const id = command.messageStreamId;
  const [nameValue, start, duration, reset] = command.args;
  // NetStream.play(false) of Flash: stop.
  if (nameValue === false) {
    const playing = playingStream(context, command);
    if (playing === undefined) return;
    stopPlay(context, playing, 'closeStream');
    context.sendStatus(id, { level: 'status', code: statusCode.playStop, description: 'Stopped.' });
    return;
  }
  const stream = context.openStream(id);
  if (stream === undefined || stream === context.publisher) {
    context.notPossible('play', stream === undefined ? 'too-many-streams' : 'stream-is-published', command);
    return;
  }
  // A second play on a stream is a switch to another name.
  stopPlay(context, stream, 'play');
  stream.state = 'play-pending';
  stream.asked = true;
  stream.name = asString(nameValue) ?? '';
  stream.reset = isTrue(reset);
  context.events.push({
    type: 'play-request',
    messageStreamId: id,
    name: stream.name,
    durationMs: playDurationMs(asNumber(start), asNumber(duration)),
    reset: stream.reset,
  });
}

// The specification says boolean; Flash also sends the numbers 0 to 3.
const isTrue = (value: AmfValue): boolean => value === true || (asNumber(value) ?? 0) !== 0;

function playingStream(context: ServerContext, command: RtmpCommand): NetStream | undefined {
  const stream = context.streams.get(command.messageStreamId);
  return stream?.state === 'playing' || stream?.state === 'play-pending' ? stream : undefined;
}

function onPause(context: ServerContext, command: RtmpCommand): void {
  const stream = playingStream(context, command);
  if (stream === undefined) return;
  const paused = asBoolean(command.args[0]) ?? false;
  const code = paused ? statusCode.pauseNotify : statusCode.unpauseNotify;
  context.sendStatus(stream.id, { level: 'status', code, description: paused ? 'Paused.' : 'Resumed.' });
  context.events.push({ type: 'pause', messageStreamId: stream.id, paused });
}

function onReceive(
  context: ServerContext,
  command: RtmpCommand,
  type: 'receive-audio' | 'receive-video',
): void {
  const stream = playingStream(context, command);
  if (stream === undefined) return;
  const wanted = asBoolean(command.args[0]) ?? true;
  if (wanted && stream.state === 'playing') {
    notifySeek(context, stream);
    notifyStart(context, stream);
  }
  context.events.push({ type, messageStreamId: stream.id, wanted });
}

function notifySeek(context: ServerContext, stream: NetStream): void {
  context.sendStatus(stream.id, {
    level: 'status',
    code: statusCode.seekNotify,
    description: 'This stream is live.',
  });
}

function notifyStart(context: ServerContext, stream: NetStream): void {
  context.sendStatus(stream.id, { level: 'status', code: statusCode.playStart, description: 'Playing.' });
}

/** What a player needs before the first media message. */
export function sendPlayStart(context: ServerContext, stream: NetStream): void {
  const { wire } = context;
  wire.sendUserControl({ event: userControlEvent.streamBegin, value: stream.id });
  if (stream.reset) {
    context.sendStatus(stream.id, { level: 'status', code: statusCode.playReset, description: 'Reset.' });
  }
  notifyStart(context, stream);
  // Flash lets a page look at samples only when told so.
  wire.sendValues(messageType.dataAmf0, stream.id, ['|RtmpSampleAccess', true, true]);
}

/** The publisher is gone for good: FFmpeg and librtmp end at either status, Flash at the end of the stream. */
export function sendPlayEnd(context: ServerContext, stream: NetStream, description: string): void {
  context.sendStatus(stream.id, { level: 'status', code: statusCode.playUnpublishNotify, description });
  context.wire.sendUserControl({ event: userControlEvent.streamEof, value: stream.id });
  context.sendStatus(stream.id, { level: 'status', code: statusCode.playStop, description });
}

/** The player has had what it asked for; others go on with the stream. */
export function sendPlayComplete(context: ServerContext, stream: NetStream): void {
  context.wire.sendUserControl({ event: userControlEvent.streamEof, value: stream.id });
  const description = 'Played for as long as was asked for.';
  context.sendStatus(stream.id, { level: 'status', code: statusCode.playStop, description });
}

/** Ends what plays on a stream, if something does. */
export function stopPlay(
  context: ServerContext,
  stream: NetStream,
  reason: 'deleteStream' | 'closeStream' | 'play',
): void {
  if (stream.state !== 'playing' && stream.state !== 'play-pending') return;
  stream.state = 'idle';
  stream.name = '';
  context.events.push({ type: 'stop-play', messageStreamId: stream.id, reason });
}
