import type { Role, Session } from '../../shared/contract/sessions.ts';
import type { PublicStream, Stream, Track } from '../../shared/contract/streams.ts';
import { programName } from '../../shared/media/program-name.ts';
import type { SessionSnapshot, StreamSnapshot, TrackSnapshot } from '../hub/snapshot.ts';

// The one place where what the hub knows becomes what the API promises. Fields are named one by one, so that a new
// field of a snapshot is published on purpose or not at all.

export function toPublicStream(stream: StreamSnapshot): PublicStream {
  return {
    name: stream.name,
    state: stream.state,
    startedAt: isoTime(stream.startedAtMs),
    ...toTracks(stream),
    tracks: stream.tracks.map(toTrack),
    viewers: stream.viewers.total,
  };
}

export function toStream(stream: StreamSnapshot): Stream {
  const { publisher, viewers } = stream;
  return {
    name: stream.name,
    state: stream.state,
    startedAt: isoTime(stream.startedAtMs),
    publisher: publisher && {
      sessionId: publisher.id,
      protocol: publisher.protocol,
      address: publisher.address,
      userAgent: publisher.userAgent,
      program: programName(publisher),
      since: isoTime(publisher.sinceMs),
    },
    ...toTracks(stream),
    tracks: stream.tracks.map(toTrack),
    frameRate: stream.frameRate,
    keyframeIntervalMs: stream.keyframeIntervalMs,
    kbpsIn: stream.kbpsIn,
    kbpsOut: stream.kbpsOut,
    bytesIn: stream.bytesIn,
    bytesOut: stream.bytesOut,
    gopCacheBytes: stream.gopCacheBytes,
    viewers: {
      total: viewers.total,
      httpFlv: viewers['http-flv'],
      wsFlv: viewers['ws-flv'],
      rtmp: viewers.rtmp,
    },
    warnings: stream.warnings.map(({ code, message, advice }) => ({ code, message, advice })),
  };
}

/** What somebody is to who counts: whoever previews is no viewer. */
export const roleOf = ({ role, isPreview }: SessionSnapshot): Role => (isPreview ? 'preview' : role);

export function toSession(session: SessionSnapshot): Session {
  return {
    id: session.id,
    role: roleOf(session),
    protocol: session.protocol,
    stream: session.stream,
    address: session.address,
    userAgent: session.userAgent,
    program: programName(session),
    since: isoTime(session.sinceMs),
    bytesIn: session.bytesIn,
    bytesOut: session.bytesOut,
    queuedBytes: session.queuedBytes,
    droppedVideo: session.droppedVideo,
    droppedAudio: session.droppedAudio,
    canReconnect: session.canReconnect,
  };
}

function toTracks({ video, audio }: StreamSnapshot): Pick<Stream, 'video' | 'audio'> {
  return {
    video: video && {
      codec: video.codec,
      codecString: video.codecString,
      profile: video.profile,
      level: video.level,
      width: video.width,
      height: video.height,
    },
    audio: audio && {
      codec: audio.codec,
      codecString: audio.codecString,
      profile: audio.profile,
      sampleRate: audio.sampleRate,
      channels: audio.channels,
    },
  };
}

function toTrack(track: TrackSnapshot): Track {
  const { kind, id, state } = track;
  const { codec, codecString, profile } = track.info;
  const common = { kind, id, state, codec, codecString, profile };
  if (track.kind === 'video') {
    const { level, width, height } = track.info;
    return { ...common, level, width, height, sampleRate: null, channels: null };
  }
  const { sampleRate, channels } = track.info;
  return { ...common, level: null, width: null, height: null, sampleRate, channels };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
