import Type, { type Static } from 'typebox';

const OptionalPort = Type.Union([Type.Integer(), Type.Null()], { description: 'null: not listened on' });

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
