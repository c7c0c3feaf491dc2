/** Message type ids of RTMP 1.0 sections 5.4, 6.2 and 7.1. */
export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAckSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  sharedObjectAmf3: 16,
  commandAmf3: 17,
  dataAmf0: 18,
  sharedObjectAmf0: 19,
  commandAmf0: 20,
  aggregate: 22,
} as const;

/** One whole message, put together from its chunks. */
export interface RtmpMessage {
  readonly typeId: number;
  /** Unsigned 32 bits, milliseconds; what the sender said, deltas added up. */
  readonly timestamp: number;
  readonly messageStreamId: number;
  /** The sender's label for header compression; it says nothing about the content. */
  readonly chunkStreamId: number;
  /** Valid until the next message is asked for: a view of memory that others use next. */
  readonly body: Uint8Array;
}

/** The message with a body of its own, for whoever keeps it. */
export const copyMessage = (message: RtmpMessage): RtmpMessage => ({
  ...message,
  body: message.body.slice(),
});

/** True for the types that steer the connection itself (1 to 6). */
export const isControlType = (typeId: number): boolean => typeId >= 1 && typeId <= 6;
