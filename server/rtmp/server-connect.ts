// RTMP 1.0 section 7.2.1: connect, createStream and the calls that are only answered politely.

import { amfGet, amfObject, asNumber, asString, isAmfObject } from '../../shared/amf/amf-value.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import type { RtmpCommand } from './command.ts';
import { limitType } from './control-message.ts';
import { readCapabilities, relayCapabilities, writeCapabilities } from './enhanced-capabilities.ts';
import { type CommandTable, type ServerContext, statusObject } from './server-context.ts';
import { statusCode } from './status-code.ts';

/** What nginx-rtmp announces; players answer with the same. */
const ACK_WINDOW = 5_000_000;

export const connectCommands: CommandTable = {
  connect: onConnect,
  createStream: onCreateStream,
  // ffplay asks for it before play. Live streams have no length.
  getStreamLength: (context, command) => context.reply(command, 0),
  // Answers to our own commands: none of them needs one.
  _result: () => {},
  _error: () => {},
  onStatus: () => {},
};

function onConnect(context: ServerContext, command: RtmpCommand): void {
  if (context.connection !== 'new') throw new ProtocolError('out-of-order', 'a second connect');
  const properties = isAmfObject(command.object) ? command.object : amfObject({});
  const text = (key: string): string => asString(amfGet(properties, key)) ?? '';
  context.connection = 'connect-pending';
  context.connectTransactionId = command.transactionId;
  context.connectRequest = {
    type: 'connect-request',
    app: text('app'),
    // Some cameras spell it in lower case.
    tcUrl: text('tcUrl') || text('tcurl'),
    flashVer: text('flashVer'),
    swfUrl: text('swfUrl'),
    pageUrl: text('pageUrl'),
    objectEncoding: asNumber(amfGet(properties, 'objectEncoding')) === 3 ? 3 : 0,
    capabilities: readCapabilities(properties),
    properties,
  };
  context.events.push(context.connectRequest);
}

/** Sends what follows a granted connect. Who showed nothing of Enhanced RTMP is told nothing of it. */
export function sendConnectSuccess(context: ServerContext): void {
  const { wire, connectRequest } = context;
  const enhanced = connectRequest?.capabilities === undefined ? {} : writeCapabilities(relayCapabilities);
  wire.setAckWindow(ACK_WINDOW);
  wire.sendControl({ name: 'set-peer-bandwidth', size: ACK_WINDOW, limitType: limitType.dynamic });
  // Before the result: OBS waits for the result and then goes on at once.
  wire.setChunkSize(context.outChunkSize);
  wire.sendCommand(
    0,
    '_result',
    context.connectTransactionId,
    amfObject({ fmsVer: 'FMS/3,0,1,123', capabilities: 31, ...enhanced }),
    amfObject({
      level: 'status',
      code: statusCode.connectSuccess,
      description: 'Connection succeeded.',
      objectEncoding: connectRequest?.objectEncoding ?? 0,
    }),
  );
}

/** Refuses a connect. The connection is to be closed once this is flushed. */
export function sendConnectError(context: ServerContext, code: string, description: string): void {
  const status = statusObject({ level: 'error', code, description });
  context.wire.sendCommand(0, '_error', context.connectTransactionId, null, status);
}

function onCreateStream(context: ServerContext, command: RtmpCommand): void {
  const stream = context.createStream();
  if (stream === undefined) context.notPossible('createStream', 'too-many-streams', command);
  else context.wire.sendCommand(0, '_result', command.transactionId, null, stream.id);
}
