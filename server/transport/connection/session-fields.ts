import type { SessionInfo } from '../../rtmp/session-info.ts';

/** What client and server said of themselves, for a log line. The chunk size and the window are what we announced. */
export const negotiatedFields = (info: SessionInfo) => ({
  handshake: info.handshake,
  tcUrl: info.tcUrl,
  objectEncoding: info.objectEncoding,
  enhanced: info.enhanced,
  outChunkSize: info.outChunkSize,
  ackWindow: info.ackWindow,
});

/** How the client used its connection, for the last log line. */
export const usageFields = (info: SessionInfo) => ({
  inChunkSize: info.inChunkSize,
  peerAckWindow: info.peerAckWindow,
  bytesAcknowledged: info.bytesAcknowledged,
  messages: info.messagesReceived,
  chunksByFmt: info.chunksByFmt,
  abandonedMessages: info.abandonedMessages,
  droppedMedia: info.droppedMedia,
});
