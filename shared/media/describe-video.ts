import { av1LevelName, av1ProfileName, decodeAv1Config } from '../codec/av1-config.ts';
import { decodeAv1PictureSize } from '../codec/av1-sequence-header.ts';
import { avcLevelName, avcProfileName, decodeAvcConfig } from '../codec/avc-config.ts';
import { decodeAvcPictureSize } from '../codec/avc-sps.ts';
import {
  av1CodecString,
  avcCodecString,
  hevcCodecString,
  plainCodecStrings,
  vp9CodecString,
} from '../codec/codec-string.ts';
import { fourCc, fourCcText } from '../codec/fourcc.ts';
import { decodeH263PictureSize } from '../codec/h263-frame.ts';
import { decodeHevcConfig, hevcLevelName, hevcProfileName } from '../codec/hevc-config.ts';
import { decodeHevcPictureSize } from '../codec/hevc-sps.ts';
import type { PictureSize } from '../codec/picture-size.ts';
import { decodeVp8Keyframe } from '../codec/vp8-frame.ts';
import { decodeVp9Keyframe, decodeVpConfig, type VpConfig, vpLevelName } from '../codec/vp9-config.ts';
import { exPacketType } from '../flv/ex-packet.ts';
import { decodeExVideoTag, isExVideo } from '../flv/ex-video-tag.ts';
import { avcPacketType, decodeVideoTag, frameType, videoCodecId } from '../flv/video-tag.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { VideoTrackInfo } from './track-info.ts';

/** What a video body tells of a track. Undefined when it tells nothing; throws `ProtocolError` when it is malformed. */
export const readVideoTrack = (body: Uint8Array, track: number): VideoTrackInfo | undefined =>
  isExVideo(body) ? describeEnhanced(body, track) : track === 0 ? describeClassic(body) : undefined;

function describeEnhanced(body: Uint8Array, track: number): VideoTrackInfo | undefined {
  const { packetType, frameType: type, fourCc: code, trackId, data } = decodeExVideoTag(body);
  if (trackId !== track) return undefined;
  if (packetType === exPacketType.config) return describeConfig(code, data);
  if (packetType !== exPacketType.frame || type !== frameType.key) return undefined;
  if (code === fourCc.vp09) return describeVp9Keyframe(data);
  return code === fourCc.vp08 ? describeVp8Keyframe(data) : undefined;
}

function describeConfig(code: number, record: Uint8Array): VideoTrackInfo | undefined {
  switch (code) {
    case fourCc.avc1:
      return describeAvc(record);
    case fourCc.hvc1:
      return describeHevc(record);
    case fourCc.av01:
      return describeAv1(record);
    case fourCc.vp09:
      return describeVp9(decodeVpConfig(record));
    case fourCc.vp08:
      return { ...named('vp8'), codecString: plainCodecStrings.vp8 };
    case fourCc.vvc1:
      return named('vvc');
    default:
      return named(fourCcText(code).trim());
  }
}

const classicNames: Readonly<Record<number, string>> = {
  [videoCodecId.h263]: 'sorenson-h263',
  [videoCodecId.screen]: 'screen-video',
  [videoCodecId.vp6]: 'vp6',
  [videoCodecId.vp6Alpha]: 'vp6-alpha',
  [videoCodecId.screen2]: 'screen-video-2',
};

function describeClassic(body: Uint8Array): VideoTrackInfo | undefined {
  const { codecId, packetType, frameType: type, data } = decodeVideoTag(body);
  if (type === frameType.command) return undefined;
  if (packetType !== undefined) {
    if (packetType !== avcPacketType.config) return undefined;
    if (codecId === videoCodecId.avc) return describeAvc(data);
    return codecId === videoCodecId.hevc ? describeHevc(data) : describeAv1(data);
  }
  const name = classicNames[codecId];
  if (name === undefined || data.length === 0) return undefined;
  const size = codecId === videoCodecId.h263 ? ifWellFormed(() => decodeH263PictureSize(data)) : undefined;
  return { ...named(name), ...size };
}

function describeAvc(record: Uint8Array): VideoTrackInfo {
  const config = decodeAvcConfig(record);
  const sps = config.sequenceParameterSets[0];
  return {
    codec: 'avc',
    codecString: avcCodecString(config),
    profile: avcProfileName(config),
    level: avcLevelName(config),
    ...sizeOrUnknown(() => sps && decodeAvcPictureSize(sps)),
  };
}

function describeHevc(record: Uint8Array): VideoTrackInfo {
  const config = decodeHevcConfig(record);
  const sps = config.sequenceParameterSet;
  return {
    codec: 'hevc',
    codecString: hevcCodecString(config),
    profile: hevcProfileName(config),
    level: hevcLevelName(config),
    ...sizeOrUnknown(() => sps && decodeHevcPictureSize(sps)),
  };
}

function describeAv1(record: Uint8Array): VideoTrackInfo {
  const config = decodeAv1Config(record);
  return {
    codec: 'av1',
    codecString: av1CodecString(config),
    profile: av1ProfileName(config),
    level: av1LevelName(config),
    ...sizeOrUnknown(() => decodeAv1PictureSize(config.obus)),
  };
}

function describeVp9(config: VpConfig): VideoTrackInfo {
  return {
    codec: 'vp9',
    codecString: vp9CodecString(config),
    profile: `Profile ${config.profile}`,
    level: vpLevelName(config),
    width: null,
    height: null,
  };
}

function describeVp9Keyframe(frame: Uint8Array): VideoTrackInfo | undefined {
  const keyframe = decodeVp9Keyframe(frame);
  return keyframe && { ...describeVp9(keyframe), width: keyframe.width, height: keyframe.height };
}

function describeVp8Keyframe(frame: Uint8Array): VideoTrackInfo | undefined {
  const size = decodeVp8Keyframe(frame);
  return size && { ...named('vp8'), codecString: plainCodecStrings.vp8, ...size };
}

const named = (codec: string): VideoTrackInfo => ({
  codec,
  codecString: null,
  profile: null,
  level: null,
  width: null,
  height: null,
});

/** A broken parameter set costs the size, not what the record itself said. */
function sizeOrUnknown(read: () => PictureSize | undefined): { width: number | null; height: number | null } {
  return ifWellFormed(read) ?? { width: null, height: null };
}
