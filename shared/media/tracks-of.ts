import { audioFormat } from '../flv/audio-tag.ts';
import { emptyExPacket, exAudioPacketType, exVideoPacketType, readExPacket } from '../flv/ex-packet.ts';
import { type TrackPart, trackParts } from '../flv/multitrack.ts';

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const scratch = emptyExPacket();

type Kind = 'audio' | 'video';

const multitrackType = (kind: Kind): number =>
  kind === 'video' ? exVideoPacketType.multitrack : exAudioPacketType.multitrack;

const isEnhanced = (kind: Kind, body: Uint8Array): boolean =>
  kind === 'video' ? (body[0] ?? 0) >= 0x80 : (body[0] ?? 0) >> 4 === audioFormat.enhanced;

/** The track that a packet is of: 0, the default one, for all that do not say. Never throws. */
export const trackIdOf = (kind: Kind, body: Uint8Array): number =>
  isEnhanced(kind, body) && readExPacket(body, multitrackType(kind), scratch) ? scratch.trackId : 0;

/** A header by the tracks that it is for. A classic sequence header is one of the default track. Never throws. */
export const headerParts = (kind: Kind, body: Uint8Array): readonly TrackPart[] =>
  isEnhanced(kind, body) ? trackParts(body, multitrackType(kind)) : [{ trackId: 0, packetType: 0, body }];
