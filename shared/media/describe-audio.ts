import { aacProfileName, decodeAacConfig } from '../codec/aac-config.ts';
import { aacCodecString, plainCodecStrings } from '../codec/codec-string.ts';
import { decodeFlacConfig } from '../codec/flac-config.ts';
import { fourCc, fourCcText } from '../codec/fourcc.ts';
import { decodeMp3Header } from '../codec/mp3-frame.ts';
import { decodeOpusConfig } from '../codec/opus-config.ts';
import { type AudioTag, audioFormat, decodeAudioTag } from '../flv/audio-tag.ts';
import { decodeExAudioTag, isExAudio } from '../flv/ex-audio-tag.ts';
import { exPacketType } from '../flv/ex-packet.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { AudioTrackInfo } from './track-info.ts';

/** What an audio body tells of a track. Undefined when it tells nothing; throws `ProtocolError` when it is malformed. */
export const readAudioTrack = (body: Uint8Array, track: number): AudioTrackInfo | undefined =>
  isExAudio(body)
    ? describeEnhanced(body, track)
    : track === 0
      ? describeClassic(decodeAudioTag(body))
      : undefined;

function describeEnhanced(body: Uint8Array, track: number): AudioTrackInfo | undefined {
  const { packetType, fourCc: code, trackId, data } = decodeExAudioTag(body);
  if (trackId !== track) return undefined;
  if (packetType === exPacketType.config) return describeConfig(code, data);
  if (packetType !== exPacketType.frame || data.length === 0) return undefined;
  switch (code) {
    case fourCc.mp3:
      return describeMp3(data);
    case fourCc.ac3:
      return { ...named('ac-3'), codecString: plainCodecStrings.ac3 };
    case fourCc.eac3:
      return { ...named('e-ac-3'), codecString: plainCodecStrings.eac3 };
    default:
      return undefined;
  }
}

function describeConfig(code: number, config: Uint8Array): AudioTrackInfo | undefined {
  switch (code) {
    case fourCc.mp4a:
      return describeAac(config);
    case fourCc.opus:
      return describeOpus(config);
    case fourCc.flac:
      return describeFlac(config);
    case fourCc.mp3:
      return { ...named('mp3'), codecString: plainCodecStrings.mp3 };
    case fourCc.ac3:
      return { ...named('ac-3'), codecString: plainCodecStrings.ac3 };
    case fourCc.eac3:
      return { ...named('e-ac-3'), codecString: plainCodecStrings.eac3 };
    default:
      return named(fourCcText(code).trim());
  }
}

function describeClassic(tag: AudioTag): AudioTrackInfo | undefined {
  if (tag.aacPacketType !== undefined) return tag.aacPacketType === 0 ? describeAac(tag.data) : undefined;
  if (tag.data.length === 0) return undefined;
  const { sampleRate, channels } = tag;
  switch (tag.format) {
    case audioFormat.mp3:
      return (
        ifWellFormed(() => describeMp3(tag.data)) ?? {
          ...described('mp3', sampleRate, channels),
          codecString: 'mp3',
        }
      );
    case audioFormat.mp38k:
      return { ...described('mp3', 8_000, channels), codecString: plainCodecStrings.mp3 };
    case audioFormat.pcm:
    case audioFormat.pcmLittleEndian:
      return described('pcm', sampleRate, channels);
    case audioFormat.adpcm:
      return described('adpcm', sampleRate, channels);
    case audioFormat.nellymoser16k:
      return described('nellymoser', 16_000, 1);
    case audioFormat.nellymoser8k:
      return described('nellymoser', 8_000, 1);
    case audioFormat.nellymoser:
      return described('nellymoser', sampleRate, channels);
    // The flag bits cannot say 8 kHz; G.711 over RTMP is always that.
    case audioFormat.g711A:
      return described('g711-a', 8_000, channels);
    case audioFormat.g711Mu:
      return described('g711-mu', 8_000, channels);
    case audioFormat.speex:
      return described('speex', 16_000, 1);
    default:
      return undefined;
  }
}

function describeAac(config: Uint8Array): AudioTrackInfo {
  const aac = decodeAacConfig(config);
  return {
    codec: 'aac',
    codecString: aacCodecString(aac),
    profile: aacProfileName(aac),
    sampleRate: aac.sampleRate,
    channels: aac.channels,
  };
}

/** Opus headers may be left out, so a missing one is no fault. */
function describeOpus(head: Uint8Array): AudioTrackInfo {
  const config = head.length === 0 ? undefined : decodeOpusConfig(head);
  return { ...described('opus', 48_000, config?.channels ?? null), codecString: plainCodecStrings.opus };
}

function describeFlac(config: Uint8Array): AudioTrackInfo {
  const { sampleRate, channels } = decodeFlacConfig(config);
  return { ...described('flac', sampleRate, channels), codecString: plainCodecStrings.flac };
}

function describeMp3(frame: Uint8Array): AudioTrackInfo {
  const { sampleRate, channels } = decodeMp3Header(frame);
  return { ...described('mp3', sampleRate, channels), codecString: plainCodecStrings.mp3 };
}

const described = (codec: string, sampleRate: number | null, channels: number | null): AudioTrackInfo => ({
  codec,
  codecString: null,
  profile: null,
  sampleRate,
  channels,
});

const named = (codec: string): AudioTrackInfo => described(codec, null, null);
