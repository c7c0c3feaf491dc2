import Type, { type Static } from 'typebox';

export const OptionalPort = Type.Union([Type.Integer(), Type.Null()], {
  description: 'null: not listened on',
});

export const ServerInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  node: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  state: Type.Union([Type.Literal('ready'), Type.Literal('draining')]),
  rtmpPort: Type.Integer({ description: 'the port that is really listened on' }),
  rtmpsPort: OptionalPort,
  httpPort: Type.Integer(),
  httpsPort: OptionalPort,
  streams: Type.Integer(),
  publishers: Type.Integer(),
  viewers: Type.Integer(),
  kbpsIn: Type.Number(),
  kbpsOut: Type.Number(),
  bytesIn: Type.Integer(),
  bytesOut: Type.Integer(),
  publishNeedsLogin: Type.Boolean({ description: 'encoders have to give a user name and a password' }),
  kickPause: Type.Object(
    { publisherSeconds: Type.Number(), viewerSeconds: Type.Number() },
    { description: 'how long somebody whom the operator ended may not come back' },
  ),
  load: Type.Object({
    busy: Type.Number({ description: 'share of its time that the first process is busy, 0 to 1' }),
    paceMs: Type.Integer({
      description: 'about the time between two writes to a viewer; 0: each picture leaves at once',
    }),
    overloaded: Type.Boolean({ description: 'new viewers are refused' }),
    workers: Type.Array(
      Type.Object({
        worker: Type.Integer(),
        viewers: Type.Integer(),
        busy: Type.Number(),
        paceMs: Type.Integer(),
      }),
      { description: 'delivery workers that report' },
    ),
  }),
});
export type ServerInfo = Static<typeof ServerInfo>;

/** Every error over HTTP has this shape. */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
  }),
});
export type ErrorBody = Static<typeof ErrorBody>;
