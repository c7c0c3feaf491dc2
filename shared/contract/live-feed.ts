import Type, { type Static } from 'typebox';
import { OptionalPort, ServerInfo } from './server-info.ts';
import { PublicStream, Stream } from './streams.ts';

/** Something that happened and that an operator may want to know of. The newest few are kept. */
export const Notice = Type.Object({
  id: Type.Integer({ description: 'counts up from server start' }),
  at: Type.String({ format: 'date-time' }),
  kind: Type.Union([
    Type.Literal('connecting'),
    Type.Literal('published'),
    Type.Literal('ended'),
    Type.Literal('interrupted'),
    Type.Literal('resumed'),
    Type.Literal('refused'),
    Type.Literal('dropped'),
    Type.Literal('failed'),
  ]),
  stream: Type.Union([Type.String(), Type.Null()]),
  message: Type.String({ description: 'a plain sentence' }),
});
export type Notice = Static<typeof Notice>;

/**
 * Messages of the WebSocket `/api/v1/live`, server to page, JSON, one object a message.
 * A snapshot (`hello`) comes first; `stream` replaces the one of the same name; `gone` takes it away.
 * Scope `public` (default) needs no login and carries `PublicStream`s; scope `admin` (`?scope=admin`, needs the
 * admin cookie or token) carries full `Stream`s once a second, `server`, `notice`, and `notice-gone` for one that is true no more.
 * `?stream=live/main` narrows the public scope to one name.
 */
export const PublicFeedMessage = Type.Union([
  Type.Object({
    type: Type.Literal('hello'),
    serverId: Type.String(),
    rtmpPort: Type.Integer({ description: 'for the addresses that a page shows' }),
    rtmpsPort: OptionalPort,
    publicList: Type.Boolean({ description: 'false: the server does not tell the public what is live' }),
    operator: Type.Boolean({ description: 'the page belongs to somebody who is logged in to the dashboard' }),
    streams: Type.Array(PublicStream),
  }),
  Type.Object({ type: Type.Literal('stream'), stream: PublicStream }),
  Type.Object({ type: Type.Literal('gone'), name: Type.String() }),
]);
export type PublicFeedMessage = Static<typeof PublicFeedMessage>;

export const AdminFeedMessage = Type.Union([
  Type.Object({
    type: Type.Literal('hello'),
    serverId: Type.String(),
    server: ServerInfo,
    streams: Type.Array(Stream),
    notices: Type.Array(Notice),
  }),
  Type.Object({ type: Type.Literal('stream'), stream: Stream }),
  Type.Object({ type: Type.Literal('gone'), name: Type.String() }),
  Type.Object({ type: Type.Literal('server'), server: ServerInfo }),
  Type.Object({ type: Type.Literal('notice'), notice: Notice }),
  Type.Object({ type: Type.Literal('notice-gone'), id: Type.Integer() }),
]);
export type AdminFeedMessage = Static<typeof AdminFeedMessage>;
