import Type, { type Static } from 'typebox';

/**
 * State of a stream as people speak of it. `silent`: the publisher is connected and sends neither pictures nor sound.
 * `interrupted`: its line dropped and viewers are held for its return.
 */
export const StreamState = Type.Union(
  [Type.Literal('starting'), Type.Literal('live'), Type.Literal('silent'), Type.Literal('interrupted')],
  {
    description:
      'starting: published, no picture or sound yet. silent: the publisher is connected and sends nothing. interrupted: the publisher dropped and may return.',
  },
);
export type StreamState = Static<typeof StreamState>;

export const VideoTrack = Type.Object({
  codec: Type.String({ description: 'avc, hevc, av1, vp9, vp8 or the FLV name of an old codec' }),
  codecString: Type.Union([Type.String(), Type.Null()], { description: 'RFC 6381, for example avc1.64002a' }),
  profile: Type.Union([Type.String(), Type.Null()], { description: 'for example High' }),
  level: Type.Union([Type.String(), Type.Null()], { description: 'for example 4.2' }),
  width: Type.Union([Type.Integer(), Type.Null()]),
  height: Type.Union([Type.Integer(), Type.Null()]),
});
export type VideoTrack = Static<typeof VideoTrack>;

export const AudioTrack = Type.Object({
  codec: Type.String({ description: 'aac, mp3, opus, flac... or the FLV name of an old codec' }),
  codecString: Type.Union([Type.String(), Type.Null()], { description: 'RFC 6381, for example mp4a.40.2' }),
  profile: Type.Union([Type.String(), Type.Null()], { description: 'for example LC' }),
  sampleRate: Type.Union([Type.Integer(), Type.Null()], { description: 'Hz' }),
  channels: Type.Union([Type.Integer(), Type.Null()]),
});
export type AudioTrack = Static<typeof AudioTrack>;

/** Whether a track comes. `paused`: none of it comes, the other track goes on, and it may return at any time. */
export const TrackState = Type.Union(
  [Type.Literal('expected'), Type.Literal('present'), Type.Literal('paused'), Type.Literal('gone')],
  {
    description:
      'expected: announced, and nothing of it has come. paused: nothing comes for longer than is usual for it, while the other track goes on. gone: so long that it is not waited for.',
  },
);
export type TrackState = Static<typeof TrackState>;

/** One track of a stream. Multitrack streams have several of a kind. */
export const Track = Type.Object({
  kind: Type.Union([Type.Literal('video'), Type.Literal('audio')]),
  id: Type.Integer({ description: '0 is the default track of its kind; others are played with ?track=ID' }),
  state: TrackState,
  codec: Type.String(),
  codecString: Type.Union([Type.String(), Type.Null()]),
  profile: Type.Union([Type.String(), Type.Null()]),
  level: Type.Union([Type.String(), Type.Null()], { description: 'of video' }),
  width: Type.Union([Type.Integer(), Type.Null()], { description: 'of video' }),
  height: Type.Union([Type.Integer(), Type.Null()], { description: 'of video' }),
  sampleRate: Type.Union([Type.Integer(), Type.Null()], { description: 'of audio, Hz' }),
  channels: Type.Union([Type.Integer(), Type.Null()], { description: 'of audio' }),
});
export type Track = Static<typeof Track>;

export const ViewerCounts = Type.Object({
  total: Type.Integer(),
  httpFlv: Type.Integer(),
  wsFlv: Type.Integer(),
  rtmp: Type.Integer(),
});
export type ViewerCounts = Static<typeof ViewerCounts>;

/** What anybody may know of a live stream: shown on the list of streams and on watch pages. */
export const PublicStream = Type.Object({
  name: Type.String({ description: 'joined path, for example live/main' }),
  state: StreamState,
  startedAt: Type.String({ format: 'date-time' }),
  video: Type.Union([VideoTrack, Type.Null()]),
  audio: Type.Union([AudioTrack, Type.Null()]),
  tracks: Type.Array(Track, { description: 'every track, video and audio above among them' }),
  viewers: Type.Integer(),
});
export type PublicStream = Static<typeof PublicStream>;

/** Something about a stream that its operator should change, in plain words. */
export const StreamWarning = Type.Object({
  code: Type.String(),
  message: Type.String({ description: 'what is wrong and what it means' }),
  advice: Type.String({ description: 'what to change' }),
});
export type StreamWarning = Static<typeof StreamWarning>;

/** A stream as its operator sees it. */
export const Stream = Type.Object({
  name: Type.String(),
  state: StreamState,
  startedAt: Type.String({ format: 'date-time' }),
  publisher: Type.Union([
    Type.Object({
      sessionId: Type.String(),
      protocol: Type.String(),
      address: Type.String(),
      userAgent: Type.Union([Type.String(), Type.Null()], { description: 'flashVer of the encoder' }),
      program: Type.Union([Type.String(), Type.Null()], {
        description:
          'what people call the encoder, for example OBS 29.0.2; null: nothing tells it from others',
      }),
      since: Type.String({ format: 'date-time' }),
    }),
    Type.Null(),
  ]),
  video: Type.Union([VideoTrack, Type.Null()]),
  audio: Type.Union([AudioTrack, Type.Null()]),
  tracks: Type.Array(Track, { description: 'every track, video and audio above among them' }),
  frameRate: Type.Union([Type.Number(), Type.Null()], { description: 'video frames per second, measured' }),
  keyframeIntervalMs: Type.Union([Type.Number(), Type.Null()], { description: 'last measured' }),
  kbpsIn: Type.Number({ description: 'kilobits per second from the publisher' }),
  kbpsOut: Type.Number({ description: 'kilobits per second to all viewers, and to previews' }),
  bytesIn: Type.Integer(),
  bytesOut: Type.Integer(),
  gopCacheBytes: Type.Integer(),
  viewers: ViewerCounts,
  warnings: Type.Array(StreamWarning),
});
export type Stream = Static<typeof Stream>;
