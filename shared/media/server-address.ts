/** What the server is reached by. */
export type AddressScheme = 'http' | 'https' | 'ws' | 'wss' | 'rtmp' | 'rtmps';

/** The port that a program takes when an address names none: browsers, OBS and FFmpeg agree on these. */
const usualPorts: Readonly<Record<AddressScheme, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  rtmp: 1935,
  rtmps: 443,
};

/**
 * `scheme://host:port`, the beginning of every address that is shown to somebody. An IPv6 address gets its brackets, and a port is
 * named where it is not the usual one of its scheme. `port` null: not known, the usual one is assumed.
 */
export function serverAddress(scheme: AddressScheme, host: string, port: number | null): string {
  return port === null || port === usualPorts[scheme]
    ? `${scheme}://${urlHost(host)}`
    : addressWithPort(scheme, host, port);
}

/** The same with its port in any case, for somebody who may have to open it in a firewall. */
export const addressWithPort = (scheme: AddressScheme, host: string, port: number): string =>
  `${scheme}://${urlHost(host)}:${port}`;

const urlHost = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** Where the WebSockets of a page are: wss:// if it came over https, at the same host and port. */
export const webSocketOrigin = (pageOrigin: string): string => pageOrigin.replace(/^http/, 'ws');
