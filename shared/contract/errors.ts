/**
 * Every refusal that a client of Sluice can meet, over HTTP and over RTMP: one table, shown in docs/errors.md.
 * `{braces}` in a sentence are filled in by `refuse`. `rtmp` is a code that OBS (librtmp) and FFmpeg act upon.
 */
interface RefusalEntry {
  readonly http: number;
  readonly rtmp: string;
  /** What happened. */
  readonly sentence: string;
  /** The same without what concerns somebody else, for a reader who has not proved that the name is his. */
  readonly toStranger?: string;
  /** What the reader can do about it. */
  readonly advice: string;
  /** Seconds after which the same request may be let in, or the placeholder that says them. */
  readonly retryAfter?: number | '{seconds}';
  /** The same as `advice` for a program that asks the API, where the address takes other queries than that of the media. */
  readonly adviceInApi?: string;
}

export const refusalTable = {
  'stream-not-live': {
    http: 404,
    rtmp: 'NetStream.Play.StreamNotFound',
    sentence: '{stream} is not live.',
    advice: 'Start the encoder. Over HTTP, the query wait=SECONDS holds a request until then.',
    adviceInApi: 'Those that are live are listed at /api/v1/streams.',
  },
  'nothing-to-play': {
    http: 503,
    rtmp: 'NetStream.Play.Failed',
    sentence: '{stream} is being published, and nothing of it can be played yet.',
    advice: 'Try again in a few seconds. The operator sees on the dashboard what is wrong with it.',
  },
  'track-not-found': {
    http: 404,
    rtmp: 'NetStream.Play.StreamNotFound',
    sentence: '{stream} has no track {id}. It has: {tracks}.',
    advice: 'Choose one of these, or leave the query track=ID out for the default ones.',
  },
  'name-invalid': {
    http: 400,
    rtmp: 'NetStream.Publish.BadName',
    sentence: 'The stream name cannot be used: {reason}.',
    advice:
      'Use 2 to 6 segments of 1 to 128 letters, digits, ".", "_", "-" or "~", for example live/main. In OBS the Server ends with the app and the Stream key is the rest.',
  },
  'key-in-use': {
    http: 409,
    rtmp: 'NetStream.Publish.BadName',
    sentence: '{stream} is already being published by {holder} since {since}.',
    toStranger: '{stream} is already in use since {since}.',
    advice: 'Stop that encoder, end it in /admin, or publish under another key.',
  },
  kicked: {
    http: 403,
    rtmp: 'NetStream.Publish.Denied',
    sentence: 'The operator ended {stream}.',
    advice: 'Ask the operator before you start again.',
  },
  'kicked-lately': {
    http: 403,
    rtmp: 'NetStream.Publish.Denied',
    sentence: 'The operator ended {stream}. This encoder may publish it again in {seconds} s.',
    advice: 'Ask the operator, or publish under another key.',
    retryAfter: '{seconds}',
  },
  'viewer-kicked': {
    http: 403,
    rtmp: 'NetStream.Play.Failed',
    sentence:
      'The operator ended {stream} for you, or for somebody at your address. You can come back in {seconds} s.',
    advice: 'Ask the operator if that was a mistake.',
    retryAfter: '{seconds}',
  },
  draining: {
    http: 503,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'The server is shutting down.',
    advice: 'Connect again in a few seconds.',
  },
  overloaded: {
    http: 503,
    rtmp: 'NetStream.Play.Failed',
    sentence: 'The server has as many viewers as it can serve.',
    advice: 'Try again in a few seconds.',
  },
  'publish-login-needed': {
    http: 401,
    rtmp: 'NetStream.Publish.Denied',
    sentence: 'Publishing here needs a user name and a password.',
    advice: 'In OBS: Settings > Stream > Use authentication. In ffmpeg: rtmp://USER:PASSWORD@HOST/APP/KEY.',
  },
  'publish-login-wrong': {
    http: 401,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'The user name or the password for publishing is wrong.',
    advice: 'Correct them in the encoder.',
  },
  'publisher-silent': {
    http: 408,
    rtmp: 'NetStream.Publish.Denied',
    sentence: '{stream} sent nothing for {seconds} s.',
    advice: 'Check that the encoder is running and that its upload is not blocked.',
  },
  'taken-over': {
    http: 409,
    rtmp: 'NetStream.Publish.BadName',
    sentence: '{stream} was taken over by {holder} after this connection had been silent for {seconds} s.',
    toStranger: '{stream} was taken over after this connection had been silent for {seconds} s.',
    advice: 'Nothing to do if that was you reconnecting. Otherwise use another key.',
  },
  'publishes-already': {
    http: 409,
    rtmp: 'NetStream.Publish.BadName',
    sentence: 'This connection publishes already.',
    advice: 'Open another connection for another stream.',
  },
  'stream-is-published': {
    http: 409,
    rtmp: 'NetStream.Play.Failed',
    sentence: 'This message stream is used to publish.',
    advice: 'Create another one to play.',
  },
  'too-many-streams': {
    http: 429,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'This connection has as many message streams as it may have.',
    advice: 'Delete some of them, or raise the limit in the configuration.',
  },
  'too-many-connections': {
    http: 503,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'Too many connections from {address}.',
    advice: 'Close some of them, or raise the limit in the configuration.',
  },
  'too-many-connections-in-all': {
    http: 503,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'The server has as many RTMP connections as it may have.',
    advice: 'Try again in a few seconds, or raise the limit in the configuration.',
  },
  'too-many-connects': {
    http: 429,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'Too many connects from {address} in a short time.',
    advice: 'Try again in a few seconds, or raise the limit in the configuration.',
  },
  'too-many-wrong-logins': {
    http: 429,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'Too many wrong publisher logins from {address}.',
    advice: 'Correct the user name and the password in the encoder, and try again in a minute.',
  },
  'too-many-publishers': {
    http: 429,
    rtmp: 'NetStream.Publish.Denied',
    sentence: '{address} publishes as many streams as one address may.',
    advice: 'Stop one of them, or raise rtmp.max_publishers_per_address in the configuration.',
  },
  'too-many-waiting': {
    http: 429,
    rtmp: 'NetStream.Play.Failed',
    sentence: 'Too many viewers from {address} wait for streams that are not live.',
    advice: 'Try again in a few seconds, or raise viewer.max_waiting_per_address in the configuration.',
  },
  'too-many-waiting-in-all': {
    http: 503,
    rtmp: 'NetStream.Play.Failed',
    sentence: 'As many viewers wait for streams that are not live as the server lets wait.',
    advice: 'Try again in a few seconds, or raise viewer.max_waiting in the configuration.',
  },
  'too-many-requests-at-once': {
    http: 429,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'This connection has too many requests that are not answered yet.',
    advice: 'Read the answers before you send more, or use several connections.',
  },
  'too-many-requests': {
    http: 429,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'Too many requests from {address} in a short time.',
    advice: 'Try again in a few seconds, or raise http.max_requests_per_second in the configuration.',
  },
  'too-many-http-connections': {
    http: 503,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'The server has as many HTTP connections as it may have, in all or from this address.',
    advice:
      'Try again in a few seconds, or raise http.max_connections or http.max_connections_per_address in the configuration.',
  },
  'viewer-too-slow': {
    http: 503,
    rtmp: 'NetStream.Play.Failed',
    sentence: 'This viewer took too little data.',
    advice: 'The line is too slow for this stream. Lower the bitrate or try again.',
  },
  malformed: {
    http: 400,
    rtmp: 'NetStream.Failed',
    sentence: 'The connection broke the RTMP protocol: {reason}.',
    advice: 'Look at the server log for the bytes around the fault.',
  },
  timeout: {
    http: 408,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'Nothing useful arrived within {seconds} s.',
    advice: 'Check the address and that nothing between the two filters RTMP.',
  },
  unauthorized: {
    http: 401,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'A valid admin token is needed.',
    advice:
      'Log in at /admin with the token in the file admin-token of data.dir, or send it as "Authorization: Bearer TOKEN".',
  },
  'forbidden-origin': {
    http: 403,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'A page of another site may not do this.',
    advice: 'Open /admin on the server itself. A proxy before it has to hand on the Host header.',
  },
  'too-many-logins': {
    http: 429,
    rtmp: 'NetConnection.Connect.Rejected',
    sentence: 'Too many wrong tokens from this address.',
    advice: 'Wait a minute and try again.',
    retryAfter: 60,
  },
  'metrics-closed': {
    http: 401,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'The metrics are not open to everybody here.',
    advice: 'Send metrics.token as "Authorization: Bearer TOKEN", or name this address in metrics.from.',
  },
  'not-found': {
    http: 404,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'There is nothing at {path}.',
    advice: 'The addresses are listed at /api/docs.',
  },
  'method-not-allowed': {
    http: 405,
    rtmp: 'NetConnection.Call.Failed',
    sentence: '{path} does not take {method}, only {allowed}.',
    advice: 'The addresses are listed at /api/docs.',
  },
  'session-not-found': {
    http: 404,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'There is no session {id}.',
    advice: 'It may have ended. List the sessions at /api/v1/sessions.',
  },
  'cannot-reconnect': {
    http: 409,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'Session {id} cannot be asked to reconnect.',
    advice: 'Only an encoder with Enhanced RTMP that announced it can. End the session instead.',
  },
  'bad-request': {
    http: 400,
    rtmp: 'NetConnection.Call.Failed',
    sentence: 'The request is not valid: {reason}.',
    advice: 'The shapes are described at /api/docs.',
  },
  internal: {
    http: 500,
    rtmp: 'NetStream.Failed',
    sentence: 'The server made a mistake.',
    advice: 'The server log has the details under this request id.',
  },
} as const satisfies Record<string, RefusalEntry>;

export type RefusalCode = keyof typeof refusalTable;

/** A refusal with its sentence filled in, ready to be said over HTTP or RTMP. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly httpStatus: number;
  readonly rtmpCode: string;
  /** What happened and what to do, in one or two sentences. Never holds a secret. */
  readonly message: string;
  /** The same with what only the operator may know of others, for the log and the dashboard. */
  readonly forOperator: string;
  /** When the same request may be let in; undefined: nobody knows, or never. */
  readonly retryAfterSeconds: number | undefined;
}

/** Fills in the table's sentence. A placeholder without a value is our own mistake and throws. */
export function refuse(
  code: RefusalCode,
  values: Readonly<Record<string, string | number>> = {},
  asked: 'anywhere' | 'in-api' | 'by-stranger' = 'anywhere',
): Refusal {
  const entry: RefusalEntry = refusalTable[code];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, key: string) => {
      const value = values[key];
      if (value === undefined) throw new Error(`refusal ${code} needs a value for {${key}}`);
      return String(value);
    });
  const sentence = asked === 'by-stranger' ? (entry.toStranger ?? entry.sentence) : entry.sentence;
  const advice = asked === 'in-api' ? (entry.adviceInApi ?? entry.advice) : entry.advice;
  return {
    code,
    httpStatus: entry.http,
    rtmpCode: entry.rtmp,
    message: `${fill(sentence)} ${advice}`,
    forOperator: `${fill(entry.sentence)} ${advice}`,
    retryAfterSeconds: entry.retryAfter === '{seconds}' ? Number(values.seconds) : entry.retryAfter,
  };
}
