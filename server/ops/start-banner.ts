import type { NetworkInterfaceInfo } from 'node:os';
import { addressWithPort } from '../../shared/media/server-address.ts';

/** What somebody needs who has just started the server. */
export interface StartFacts {
  readonly version: string;
  readonly rtmpPort: number;
  readonly httpPort: number;
  /** Null: not listened on. */
  readonly rtmpsPort: number | null;
  readonly httpsPort: number | null;
  /** The dashboard on this machine, with a code that lets in for ten minutes. */
  readonly adminUrl: string;
  /** Name of the stream to look at, for example live/main. */
  readonly watch: string;
  /** Name of a stream that an encoder can publish. */
  readonly publish: string;
  /** The configured address; empty for all interfaces. */
  readonly host: string;
  /** Addresses under which other machines reach this one. */
  readonly lanAddresses: readonly string[];
  /** Anybody may publish: no login is asked for. */
  readonly anybodyPublishes: boolean;
  /** Where the admin token stands, in words that follow "the token in". */
  readonly tokenPlace: string;
}

interface StartItem {
  readonly label: string;
  readonly value: string;
}

/** The addresses to open and the settings to paste, in the order in which they are wanted. */
export function startItems(facts: StartFacts): readonly StartItem[] {
  const slash = facts.publish.lastIndexOf('/');
  const app = facts.publish.slice(0, slash);
  const host = isLoopbackOnly(facts.host) || facts.host === '' ? 'localhost' : facts.host;
  const pages = addressWithPort('http', host, facts.httpPort);
  return [
    { label: 'Watch', value: `${pages}/watch/${facts.watch}` },
    { label: 'Dashboard', value: `${pages}${pathOf(facts.adminUrl)}` },
    { label: 'All streams', value: `${pages}/` },
    {
      label: 'Server',
      value: `${addressWithPort('rtmp', host, facts.rtmpPort)}/${app}`,
    },
    { label: 'Stream key', value: facts.publish.slice(slash + 1) },
    ...tlsItems(facts, host, app),
  ];
}

function tlsItems({ rtmpsPort, httpsPort }: StartFacts, host: string, app: string): StartItem[] {
  return [
    ...(httpsPort === null
      ? []
      : [{ label: 'Pages, TLS', value: `${addressWithPort('https', host, httpsPort)}/` }]),
    ...(rtmpsPort === null
      ? []
      : [{ label: 'Server, TLS', value: `${addressWithPort('rtmps', host, rtmpsPort)}/${app}` }]),
  ];
}

/** What an operator should know before others can reach the server. */
export function startNotes(facts: StartFacts): readonly string[] {
  const { rtmpPort, httpPort, rtmpsPort, httpsPort } = facts;
  const ports = (...given: (number | null)[]) => given.filter((port) => port !== null).join(' and ');
  const who = isLoopbackOnly(facts.host) ? 'Programs on this machine alone' : 'All who reach this machine';
  return [
    `${who} can watch on port ${ports(httpPort, httpsPort)}, and publish on port ${ports(rtmpPort, rtmpsPort)}${
      facts.anybodyPublishes ? '.' : ' with the password.'
    }`,
    ...(facts.anybodyPublishes && !isLoopbackOnly(facts.host)
      ? ['No password is asked for: set rtmp.publish_user and rtmp.publish_password to keep strangers out.']
      : []),
    `The dashboard link works for ten minutes. Later, log in with the token in ${facts.tokenPlace}.`,
  ];
}

/** The block for people. */
export function startText(facts: StartFacts): string {
  const lines = startItems(facts).map(({ label, value }) => `    ${label.padEnd(12)} ${value}`);
  const [watch, dashboard, list, server, key, ...overTls] = lines;
  const others = facts.host === '' && facts.lanAddresses.length > 0;
  return [
    '',
    `  Sluice ${facts.version} is ready.`,
    '',
    '  Open in a browser',
    watch,
    dashboard,
    list,
    '',
    '  Paste into OBS (Settings > Stream > Service: Custom)',
    server,
    key,
    '',
    ...(overTls.length > 0 ? ['  Over TLS', ...overTls, ''] : []),
    ...(others
      ? [`  On other machines write ${facts.lanAddresses.join(' or ')} instead of localhost.`, '']
      : []),
    ...startNotes(facts).map((note) => `  ${note}`),
    '',
    '  Ctrl+C stops the server.',
    '',
    '',
  ].join('\n');
}

/** The same for machines that read the log: one line of JSON an item. */
export function startJson(facts: StartFacts, time: string): string {
  const notes = startNotes(facts).map((value) => ({ label: 'Note', value }));
  return [...startItems(facts), ...notes]
    .map((item) => `${JSON.stringify({ level: 'info', time, msg: 'start', ...item })}\n`)
    .join('');
}

/** Addresses of this machine that others can be told: IPv4 outside of loopback and link-local, a few at most. */
export function lanAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
    )
    .map(({ address }) => address)
    .slice(0, 3);
}

function isLoopbackOnly(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
