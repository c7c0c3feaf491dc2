import Type, { type Static } from 'typebox';

export const Protocol = Type.Union(
  [Type.Literal('rtmp'), Type.Literal('http-flv'), Type.Literal('ws-flv'), Type.Literal('relay')],
  { description: 'relay: a delivery worker of this server, with viewers of its own' },
);
export type Protocol = Static<typeof Protocol>;

export const Role = Type.Union([Type.Literal('publisher'), Type.Literal('viewer'), Type.Literal('preview')], {
  description: 'preview: the operator looks at the stream in the dashboard; not counted as a viewer',
});
export type Role = Static<typeof Role>;

/** One publisher or viewer: a connection that does something with a stream. */
export const Session = Type.Object({
  id: Type.String(),
  role: Role,
  protocol: Protocol,
  stream: Type.String(),
  address: Type.String(),
  userAgent: Type.Union([Type.String(), Type.Null()], {
    description: 'flashVer of RTMP, User-Agent of HTTP, as it was sent',
  }),
  program: Type.Union([Type.String(), Type.Null()], {
    description: 'what people call the program, for example OBS 29.0.2; null: nothing tells it from others',
  }),
  since: Type.String({ format: 'date-time' }),
  bytesIn: Type.Integer(),
  bytesOut: Type.Integer(),
  queuedBytes: Type.Integer({ description: 'bytes the viewer has not taken yet' }),
  droppedVideo: Type.Integer({ description: 'video frames left out because the viewer was too slow' }),
  droppedAudio: Type.Integer(),
  canReconnect: Type.Boolean({
    description: 'an encoder of Enhanced RTMP that can be asked to connect again',
  }),
});
export type Session = Static<typeof Session>;

export const SessionPage = Type.Object({
  total: Type.Integer(),
  items: Type.Array(Session),
});
export type SessionPage = Static<typeof SessionPage>;
