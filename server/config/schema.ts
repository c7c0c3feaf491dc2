import {
  booleanKey,
  type ConfigKey,
  choiceKey,
  integerKey,
  optionalPortKey,
  portKey,
  proxiesKey,
  secondsKey,
  textKey,
  workersKey,
} from './config-key.ts';
import { rtmpSchema } from './rtmp-schema.ts';

const MEGABYTE = 1024 * 1024;

/**
 * Every setting there is. Nesting gives the path: `rtmp.maxConnectionsPerAddress` is `rtmp.max_connections_per_address`
 * in a file, SLUICE_RTMP_MAX_CONNECTIONS_PER_ADDRESS in the environment, --rtmp-max-connections-per-address as a flag.
 * Durations are seconds, sizes are bytes.
 */
export const configSchema = {
  host: textKey(
    '',
    { pattern: '^[^\\s/]*$', expected: 'an IP address or host name of this machine' },
    {
      description: 'Address to listen on.',
      defaultText: 'all interfaces, IPv4 and IPv6',
    },
  ),
  rtmp: rtmpSchema,
  rtmps: {
    port: optionalPortKey({ description: 'Port for RTMP over TLS. 0 takes any free port.' }),
  },
  http: {
    port: portKey(8080, { description: 'Port for pages, API and FLV. 0 takes any free port.' }),
    trustProxy: proxiesKey({
      description:
        'Proxies whose X-Forwarded-For, -Host and -Proto are believed: addresses and networks with commas between, or how many proxies stand one behind the other.',
      defaultText: 'empty: none',
    }),
    // 10 s: as long as the handshake of RTMP may take, for the same slow lines.
    headerTimeout: secondsKey(
      10,
      { min: 0.1, max: 300 },
      { description: 'Seconds that the headers of a request may take, then the connection is closed.' },
    ),
    // 30 s: the largest body that is taken is 64 KB.
    requestTimeout: secondsKey(
      30,
      { min: 0.1, max: 300 },
      { description: 'Seconds that a whole request may take. Not less than its headers may.' },
    ),
    // 32: browsers and proxies send one at a time; tools that measure send some at once.
    maxRequestsInFlight: integerKey(
      32,
      { min: 1, max: 10_000 },
      {
        description:
          'Requests of one connection that may be unanswered at a time. A connection with more is told so and closed.',
      },
    ),
    // 500: a hall of 500 people reloads the page within a second, and 20 times that when they all open it.
    maxRequestsPerSecond: integerKey(
      500,
      { min: 0, max: 1_000_000 },
      {
        description:
          'HTTP requests a second from one IP address, and 20 times as many at once. 0 means no limit.',
      },
    ),
    // 10,000: as for RTMP, five times what one process serves.
    maxConnections: integerKey(
      10_000,
      { min: 0, max: 10_000_000 },
      {
        description:
          'HTTP and HTTPS connections in all; less where the system allows fewer open files. Viewers on delivery workers do not count. 0 means no limit.',
      },
    ),
    // 2000: a picture and the status for each of 1000 people behind one router.
    maxConnectionsPerAddress: integerKey(
      2000,
      { min: 0, max: 10_000_000 },
      {
        description: 'Those of them from one IP address, and never more than half of all. 0 means no limit.',
      },
    ),
  },
  https: {
    port: optionalPortKey({
      description: 'Port for HTTPS and WSS, beside the one for HTTP. 0 takes any free port.',
    }),
  },
  tls: {
    cert: textKey(
      '',
      { pattern: '^[^\\0]*$', expected: 'a file' },
      {
        description: 'PEM file with the certificate for RTMPS and HTTPS, and those between it and its root.',
        defaultText: 'empty: a self-signed one is made on first start, kept in data.dir',
      },
    ),
    key: textKey(
      '',
      { pattern: '^[^\\0]*$', expected: 'a file' },
      {
        description: 'PEM file with its private key. Both files are read again when they change.',
        defaultText: 'empty',
      },
    ),
  },
  admin: {
    token: textKey(
      '',
      {
        pattern: '^[\\x21-\\x7e]{0,256}$',
        expected: '1 to 256 letters, digits and signs without spaces',
      },
      {
        description: 'Opens /admin and /api.',
        defaultText: 'made on first start, kept in the file admin-token of data.dir',
        secret: true,
      },
    ),
  },
  metrics: {
    enabled: booleanKey(true, { description: 'Answer at /metrics. false: there is nothing.' }),
    token: textKey(
      '',
      {
        pattern: '^[\\x21-\\x7e]{0,256}$',
        expected: 'up to 256 letters, digits and signs without spaces',
      },
      {
        description:
          'Opens /metrics, sent as a bearer token. With it, or with metrics.from, /metrics is closed to everybody else.',
        defaultText: 'empty',
        secret: true,
      },
    ),
    from: textKey(
      '',
      {
        pattern: '^[0-9A-Fa-f.:/, ]*$',
        expected: 'IP addresses and networks with commas between, such as 127.0.0.1, 10.0.0.0/8',
      },
      {
        description: 'Addresses that may read /metrics without a token.',
        defaultText: 'empty: everybody, while there is no token either',
      },
    ),
  },
  data: {
    dir: textKey(
      './data',
      { pattern: '^[^\\0]+$', expected: 'a folder' },
      { description: 'The only folder the program writes to. Relative to where it is started.' },
    ),
  },
  log: {
    level: choiceKey('info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      description: 'The least serious lines that are written.',
    }),
    format: choiceKey('auto', ['auto', 'pretty', 'json'], {
      description: 'How lines look. auto: pretty on a terminal, else json.',
    }),
  },
  stream: {
    // 30 s: long enough for OBS's automatic reconnect to try more than once.
    grace: secondsKey(
      30,
      { min: 0, max: 3600 },
      { description: 'Seconds that viewers are held after the publisher dropped, for it to come back.' },
    ),
    silentTakeover: secondsKey(
      5,
      { min: 0, max: 3600 },
      {
        description:
          'Seconds of silence after which a second publisher of the same key takes over the stream.',
      },
    ),
    // 30 s: OBS comes back 2 s after a kick otherwise, because it takes it for a dropped line.
    kickPause: secondsKey(
      30,
      { min: 0, max: 86_400 },
      { description: 'Seconds that an encoder may not publish a stream again which the operator ended.' },
    ),
    // 15 s: a half-open line must not hold a key for longer.
    publisherTimeout: secondsKey(
      15,
      { min: 1, max: 3600 },
      { description: 'Seconds in which nothing came from a publisher, then it is disconnected.' },
    ),
  },
  gop: {
    // 16 MB: 10 s at 12 Mbps. A stream above that still plays, but starts at its next keyframe.
    maxBytes: integerKey(
      16 * MEGABYTE,
      { min: 0, max: 1024 * MEGABYTE },
      {
        description:
          'Bytes kept per stream, from the last keyframe on, so that a new viewer has a picture at once.',
      },
    ),
    // 60 s: FFmpeg's default keyframe interval is 250 frames: 10 s at 25 fps, 50 s at 5. A page decodes a minute of it in a second or two.
    maxSeconds: secondsKey(
      60,
      { min: 0, max: 600 },
      { description: 'Seconds kept per stream for the same purpose.' },
    ),
    // 256 MB: 16 streams that keep as much as they may, or 400 of 2.5 Mbps with a keyframe every 2 s.
    maxTotalBytes: integerKey(
      256 * MEGABYTE,
      { min: 0, max: 64 * 1024 * MEGABYTE },
      {
        description:
          'Bytes kept for the same purpose by all streams of a process. Over it, those let go that keep more than their share.',
      },
    ),
  },
  workers: workersKey({
    description:
      'Processes that serve viewers beside the one that takes the streams in. 0: one process does both, enough for some 2000 viewers. auto: one less than the machine has cores.',
  }),
  delivery: {
    // 0.1 s: SRS waits 0.35 s for every viewer at any load; half a second of player buffer hides a tenth.
    maxPace: secondsKey(
      0.1,
      { min: 0, max: 10 },
      {
        description:
          'A busy server sends less often, to save work: at most about this many seconds lie between two writes to a viewer. 0 sends every picture at once at any load.',
      },
    ),
  },
  viewer: {
    // 4 MB: 5 s at 6 Mbps, and 1000 stuck viewers stay within 4 GB.
    queueBytes: integerKey(
      4 * MEGABYTE,
      { min: 64 * 1024, max: 1024 * MEGABYTE },
      {
        description:
          'Bytes that may wait for one viewer. From half of it on, frames between keyframes are left out, then keyframes, then sound.',
      },
    ),
    queueSeconds: secondsKey(
      3,
      { min: 0.1, max: 600 },
      {
        description:
          'Seconds that frames between keyframes may wait for one viewer, with the same effect. Nothing waits twice as long.',
      },
    ),
    stallSeconds: secondsKey(
      15,
      { min: 1, max: 3600 },
      { description: 'Seconds in which a viewer took no data at all, then it is disconnected.' },
    ),
    maxWaitSeconds: secondsKey(
      60,
      { min: 0, max: 3600 },
      { description: 'Upper limit of ?wait=SECONDS, which holds a request until the stream goes live.' },
    ),
    // 10,000: five times the audience of one process; each costs a few KB.
    maxWaiting: integerKey(
      10_000,
      { min: 0, max: 10_000_000 },
      {
        description:
          'Viewers that may wait for streams that are not live, over all protocols. 0 means no limit.',
      },
    ),
    // 1000: a full hall behind one router that waits for the start.
    maxWaitingPerAddress: integerKey(
      1000,
      { min: 0, max: 10_000_000 },
      { description: 'Those of them from one IP address. 0 means no limit.' },
    ),
    // 300 s: long enough that it is felt, short enough that a mistake mends itself within the show.
    kickPause: secondsKey(
      300,
      { min: 0, max: 86_400 },
      { description: 'Seconds that a viewer may not watch a stream again which the operator ended for it.' },
    ),
  },
  web: {
    publicList: booleanKey(true, {
      description: 'List the live streams on the start page. false: a viewer has to know the name.',
    }),
  },
} as const;

type ValuesOf<T> = {
  readonly [K in keyof T]: T[K] extends ConfigKey<infer V> ? V : ValuesOf<T[K]>;
};

/** The settings of one process: complete, checked and frozen. */
export type Config = ValuesOf<typeof configSchema>;

/** A key with its three names. */
export interface NamedKey {
  /** `rtmp.max_connections_per_address` */
  readonly path: string;
  /** `SLUICE_RTMP_MAX_CONNECTIONS_PER_ADDRESS` */
  readonly variable: string;
  /** `--rtmp-max-connections-per-address` */
  readonly flag: string;
  /** Property names in `Config`. */
  readonly properties: readonly string[];
  readonly key: ConfigKey<unknown>;
}

/** All keys in the order of the table. */
export const namedKeys: readonly NamedKey[] = collectKeys(configSchema, []);

function collectKeys(node: object, above: readonly string[]): NamedKey[] {
  return Object.entries(node).flatMap(([name, child]: [string, object]) => {
    const properties = [...above, name];
    return isKey(child) ? [nameKey(properties, child)] : collectKeys(child, properties);
  });
}

function isKey(node: object): node is ConfigKey<unknown> {
  return 'fromText' in node;
}

function nameKey(properties: readonly string[], key: ConfigKey<unknown>): NamedKey {
  const words = properties.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return {
    path: words.join('.'),
    variable: `SLUICE_${words.join('_').toUpperCase()}`,
    flag: `--${words.join('-').replaceAll('_', '-')}`,
    properties,
    key,
  };
}
