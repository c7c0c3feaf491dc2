import { integerKey, portKey, secondsKey, textKey } from './config-key.ts';

const MEGABYTE = 1024 * 1024;

/** Settings of encoders and players over RTMP. Each limit says where its number comes from; docs/protocol.md has them in a table. */
export const rtmpSchema = {
  port: portKey(1935, { description: 'Port for encoders and RTMP players. 0 takes any free port.' }),
  maxConnectionsPerAddress: integerKey(
    0,
    { min: 0, max: 1_000_000 },
    { description: 'RTMP connections that one IP address may hold at a time. 0 means no limit.' },
  ),
  // 1000: a farm of encoders behind one router.
  maxPublishersPerAddress: integerKey(
    1000,
    { min: 0, max: 1_000_000 },
    { description: 'Streams that one IP address may publish at a time. 0 means no limit.' },
  ),
  // 10,000: one process serves some 2000 viewers, and what is beyond that five times is no audience.
  maxConnections: integerKey(
    10_000,
    { min: 0, max: 10_000_000 },
    { description: 'RTMP connections in all. 0 means no limit.' },
  ),
  // 200: a farm of 1000 encoders behind one router is through at once, with three connections for a login of each.
  maxConnectsPerSecond: integerKey(
    200,
    { min: 0, max: 1_000_000 },
    {
      description:
        'RTMP connects a second from one IP address, and 20 times as many at once. 0 means no limit.',
    },
  ),
  // 120: an encoder with a wrong password that tries each second must not lock its neighbours out.
  maxWrongLoginsPerMinute: integerKey(
    120,
    { min: 0, max: 1_000_000 },
    {
      description:
        'Wrong publisher logins a minute from one IP address. Above it, logins from there are refused unread. 0 means no limit.',
    },
  ),
  // 10 s: slow encoders on satellite links need 3 round trips; attackers should not hold a socket for longer.
  handshakeTimeout: secondsKey(
    10,
    { min: 0.1, max: 300 },
    { description: 'Seconds from accept to the end of the RTMP handshake, then the connection is closed.' },
  ),
  // 30 s: OBS and FFmpeg publish within a second of connecting.
  idleTimeout: secondsKey(
    30,
    { min: 0.1, max: 3600 },
    { description: 'Seconds that a connection may neither publish nor play, then it is closed.' },
  ),
  // 90 s: three pings, which FFmpeg and librtmp answer by themselves.
  pingTimeout: secondsKey(
    90,
    { min: 0.3, max: 3600 },
    {
      description: 'Seconds that a player may say nothing, asked three times in them whether it is there.',
    },
  ),
  // 8 MB: a 4K keyframe at 60 Mbps is half of it. The chunk header has 24 bits for the length.
  maxMessageBytes: integerKey(
    8 * MEGABYTE,
    { min: 524_288, max: 16_777_215 },
    {
      description:
        'Longest audio or video message. Half-received messages of a connection may hold twice as much memory.',
    },
  ),
  // 256 KiB: metadata in the field has a few KB; keyframe indexes of files reach 100 KB.
  maxDataBytes: integerKey(262_144, { min: 4096, max: 16_777_215 }, { description: 'Longest data message.' }),
  // 64 KiB: the largest connect seen is under 2 KB; long tokens need some more.
  maxCommandBytes: integerKey(
    65_536,
    { min: 4096, max: 1_048_576 },
    { description: 'Longest command, and longest text in one.' },
  ),
  // 16 and 4096: connect has 2 levels and some dozens of values.
  maxAmfDepth: integerKey(
    16,
    { min: 4, max: 64 },
    { description: 'Levels of objects and arrays within each other in a command.' },
  ),
  maxAmfValues: integerKey(
    4096,
    { min: 64, max: 1_000_000 },
    { description: 'Values of all levels together in a command.' },
  ),
  // 256 MB: sixteen connections that go to their own limit, hundreds that are honest.
  maxUnfinishedBytes: integerKey(
    256 * MEGABYTE,
    { min: MEGABYTE, max: 64 * 1024 * MEGABYTE },
    {
      description:
        'Memory of half-received messages over all connections. Above it the one that holds most is closed.',
    },
  ),
  // 64: the busiest client seen uses 6, and nginx-rtmp allows 32.
  maxChunkStreams: integerKey(
    64,
    { min: 8, max: 65_597 },
    { description: 'Chunk streams of one connection.' },
  ),
  // 8: encoders use 1, Flash applications a few.
  maxMessageStreams: integerKey(
    8,
    { min: 1, max: 1000 },
    { description: 'Streams that one connection may publish and play at a time.' },
  ),
  // 128 KiB: twice the longest command.
  maxBytesBeforeConnect: integerKey(
    131_072,
    { min: 4096, max: 16_777_215 },
    { description: 'Bytes that a client may send between its handshake and the end of its connect.' },
  ),
  // 50: an encoder sends 8 in all; a seek bar that is dragged sends some dozens.
  maxCommandsPerSecond: integerKey(
    50,
    { min: 1, max: 100_000 },
    { description: 'Commands a second of one connection, and 4 times as many at once.' },
  ),
  // 1: each is a decision, a log line and news for the dashboard.
  maxRequestsPerSecond: integerKey(
    1,
    { min: 1, max: 1000 },
    {
      description: 'Requests to publish or play a second of one connection, and 20 times as many at once.',
    },
  ),
  // 100: captions come once a frame.
  maxDataPerSecond: integerKey(
    100,
    { min: 1, max: 100_000 },
    {
      description:
        'Data messages a second of one publisher, and 5 times as many at once; what is above is left out.',
    },
  ),
  // 1: who measures its line asks every few seconds.
  maxPingsPerSecond: integerKey(
    1,
    { min: 1, max: 1000 },
    {
      description:
        'Pings and changes of the bandwidth a second that one client is answered, and 20 times as many at once.',
    },
  ),
  // 2 MiB and 1000: a second of 16 Mbps, ten seconds of 30 pictures a second with sound.
  maxHeldBytes: integerKey(
    2 * MEGABYTE,
    { min: 65_536, max: 1024 * MEGABYTE },
    {
      description: 'Bytes that wait for the decision about a connect or publish; media above is left out.',
    },
  ),
  maxHeldMessages: integerKey(1000, { min: 10, max: 1_000_000 }, { description: 'Messages that wait so.' }),
  // 1 MiB: an honest client is answered with a few hundred bytes.
  maxUnreadBytes: integerKey(
    MEGABYTE,
    { min: 65_536, max: 1024 * MEGABYTE },
    { description: 'Bytes of answers that may wait for a client that does not read them.' },
  ),
  // 80: FFmpeg reads 255 bytes of a challenge, and the name is in it. The letters are those that a URL takes as they are.
  publishUser: textKey(
    '',
    {
      pattern: '^[A-Za-z0-9._~-]{0,80}$',
      expected: 'up to 80 letters, digits, ".", "_", "~" and "-"',
    },
    {
      description: 'User name that encoders have to give to publish. Needs a password as well.',
      defaultText: 'empty: everybody may publish',
    },
  ),
  publishPassword: textKey(
    '',
    {
      pattern: '^[\\x21-\\x7e]{0,256}$',
      expected: 'up to 256 letters, digits and signs without spaces',
    },
    { description: 'The password that goes with it.', defaultText: 'empty', secret: true },
  ),
  proxyProtocolFrom: textKey(
    '',
    {
      pattern: '^[0-9A-Fa-f.:/, ]*$',
      expected: 'IP addresses and networks with commas between, such as 10.0.0.2, fd00::/8',
    },
    {
      description:
        'Proxies that begin each RTMP or RTMPS connection with a PROXY protocol header, which says who the client is.',
      defaultText: 'empty: nobody',
    },
  ),
} as const;
