/** What a packet is: also the FLV tag type and the RTMP message type it travels as (8, 9, 18). */
export type PacketKind = 'audio' | 'video' | 'data';

/**
 * What a packet means to somebody who has to keep, drop or repeat it.
 * - `metadata`: onMetaData. The latest is sent to every new viewer.
 * - `config`: a sequence header (AVCDecoderConfigurationRecord, AudioSpecificConfig...), or what Enhanced RTMP puts beside it
 *   (colour, loudspeakers), of any track. Sent to every new viewer, never dropped.
 * - `keyframe`: decoding can start here.
 * - `recovery`: decoding can start here and is whole some pictures later. Browsers do not start at one.
 * - `interframe`: needs the frames before it.
 * - `disposable`: an interframe that no other frame needs.
 * - `audio`: one coded audio frame.
 * - `other`: passes through in order and is not repeated (cue points, end of sequence, captions, frames of tracks beyond the
 *   default one).
 */
export type PacketRole =
  | 'metadata'
  | 'config'
  | 'keyframe'
  | 'recovery'
  | 'interframe'
  | 'disposable'
  | 'audio'
  | 'other';

/**
 * The one currency between what receives media and what sends it.
 * `body` is the body of an RTMP message and of an FLV tag alike (for `metadata`, without `@setDataFrame`);
 * nobody writes to it. Frames lie in their stream's arena: a body may be read while the packet is pending or in the cache of
 * the group of pictures, and whoever keeps bytes for longer has copied them (every output has).
 */
export interface MediaPacket {
  readonly kind: PacketKind;
  readonly role: PacketRole;
  /** Decode time in milliseconds on the stream's own timeline: starts near 0, never goes back within a kind. */
  readonly timestampMs: number;
  readonly body: Uint8Array;
}
