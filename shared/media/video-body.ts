import { concatBytes } from '../bytes/concat.ts';
import { greyAvcPicture } from '../codec/avc-grey-picture.ts';
import { decodeAvcSps } from '../codec/avc-sps.ts';
import { fourCc } from '../codec/fourcc.ts';
import { exPacketType } from '../flv/ex-packet.ts';
import { frameType, videoCodecId } from '../flv/video-tag.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { PacketHead } from './packet-head.ts';
import { pictureSetIds, type SetCodec, setKind, type VideoRecord } from './video-record.ts';

// Video bodies that are made here, of what came in another form or under another codec's name.

/** Whether bodies of this codec get the FourCC form: H.264 is what every player takes in the classic one, H.265 is standardized in this one. */
const isEnhanced = (codec: SetCodec): boolean => codec === 'hevc';

/** The sequence header for pictures that come as `head` says, or as those of `codec` where they are under another one's name. */
export function headerBody(codec: SetCodec, record: Uint8Array, head: PacketHead): Uint8Array {
  const enhanced = codec === head.codec ? head.enhanced : isEnhanced(codec);
  return enhanced
    ? enhancedBody(codec, (frameType.key << 4) | exPacketType.config, record)
    : classicBody(codec, frameType.key, exPacketType.config, new Uint8Array(3), record);
}

/** The sequence header for AV1 pictures that come as `head` says. */
export function av1HeaderBody(record: Uint8Array, { enhanced }: PacketHead): Uint8Array {
  const lead = enhanced ? av1Lead : classicAv1Lead;
  return concatBytes([lead, record]);
}

const av1Lead = Uint8Array.of(0x90, 0x61, 0x76, 0x30, 0x31);
const classicAv1Lead = Uint8Array.of((frameType.key << 4) | videoCodecId.av1, exPacketType.config, 0, 0, 0);

/** A header or frame that is of `codec`, whatever it says. `head` says where its bytes lie; it is not wrapped. */
export function relabelled(body: Uint8Array, head: PacketHead, codec: SetCodec): Uint8Array {
  const isConfig = head.content === 'config';
  const data = body.subarray(head.start);
  const time = isConfig ? new Uint8Array(3) : compositionTime(body, head);
  const type = isConfig ? exPacketType.config : exPacketType.frame;
  if (!isEnhanced(codec)) return classicBody(codec, head.frameType, type, time, data);
  return enhancedBody(codec, (head.frameType << 4) | type, isConfig ? data : concatBytes([time, data]));
}

/** A grey picture with lengths in front of its units, for H.264 alone. */
export function greyBody(record: VideoRecord, enhanced: boolean): Uint8Array | undefined {
  const { codec, sets, nalLengthSize } = record;
  const sps = sets.find((set) => setKind(codec, set) === 'sequence');
  // A shorter length would not hold the picture.
  if (codec !== 'avc' || !sps || nalLengthSize < 3) return undefined;
  const used = pictureSetIds(record);
  let free = 0;
  while (used.has(free)) free++;
  const units = ifWellFormed(() => greyAvcPicture(decodeAvcSps(sps), free));
  if (!units) return undefined;
  const data = concatBytes(units.flatMap((unit) => [lengthOf(unit, nalLengthSize), unit]));
  const time = new Uint8Array(3);
  return enhanced
    ? enhancedBody(codec, (frameType.key << 4) | exPacketType.frame, concatBytes([time, data]))
    : classicBody(codec, frameType.key, exPacketType.frame, time, data);
}

const lengthOf = ({ length }: Uint8Array, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => length >>> (8 * (size - 1 - index)));

/** The three bytes of it stand in front of the data, but where a packet type says that there are none. */
function compositionTime(body: Uint8Array, { enhanced, start }: PacketHead): Uint8Array {
  if (enhanced && (body[0]! & 15) !== exPacketType.frame) return new Uint8Array(3);
  return body.subarray(start - 3, start);
}

function classicBody(
  codec: SetCodec,
  type: number,
  packetType: number,
  time: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const body = new Uint8Array(5 + data.length);
  body[0] = (type << 4) | (codec === 'avc' ? videoCodecId.avc : videoCodecId.hevc);
  body[1] = packetType;
  body.set(time, 2);
  body.set(data, 5);
  return body;
}

function enhancedBody(codec: SetCodec, firstNibbles: number, data: Uint8Array): Uint8Array {
  const body = new Uint8Array(5 + data.length);
  body[0] = 0x80 | firstNibbles;
  const code = codec === 'avc' ? fourCc.avc1 : fourCc.hvc1;
  for (let i = 0; i < 4; i++) body[1 + i] = code >>> (24 - 8 * i);
  body.set(data, 5);
  return body;
}
