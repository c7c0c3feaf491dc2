import { parseAddressList } from './address-list.ts';
import { ConfigError, quoteValue } from './config-error.ts';
import type { Config } from './schema.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';

/** What a single value cannot show: settings that need or exclude each other. `isGiven`: somebody set this one. */
export function checkTogether(config: Config, isGiven: (path: string) => boolean): void {
  const { rtmp, http, tls } = config;
  // Half a login would look like one and protect nothing.
  checkPair(['rtmp.publish_user', rtmp.publishUser], ['rtmp.publish_password', rtmp.publishPassword]);
  checkPair(['tls.cert', tls.cert], ['tls.key', tls.key]);
  checkPorts(config, isGiven);
  if (http.requestTimeout < http.headerTimeout) {
    const key = isGiven('http.request_timeout') ? 'http.request_timeout' : 'http.header_timeout';
    throw new ConfigError(
      key,
      `${key}: expected http.request_timeout (${http.requestTimeout}) to be no less than http.header_timeout (${http.headerTimeout}).`,
    );
  }
  checkAddresses('rtmp.proxy_protocol_from', rtmp.proxyProtocolFrom);
  checkAddresses('metrics.from', config.metrics.from);
  checkTrusted(http.trustProxy);
}

function checkPair(...pair: [first: [string, string], second: [string, string]]): void {
  const missing = pair.filter(([, value]) => value === '').map(([path]) => path);
  if (missing.length !== 1) return;
  const given = pair.map(([path]) => path).find((path) => !missing.includes(path));
  throw new ConfigError(
    `${missing}`,
    `${missing}: nothing was given; expected a value beside ${given}, or neither of the two.`,
  );
}

/** Otherwise the second to listen would be told that another program holds the port. */
function checkPorts({ rtmp, rtmps, http, https }: Config, isGiven: (path: string) => boolean): void {
  const ports: [path: string, name: string, port: number | 'off'][] = [
    ['rtmp.port', 'RTMP', rtmp.port],
    ['http.port', 'HTTP', http.port],
    ['rtmps.port', 'RTMPS', rtmps.port],
    ['https.port', 'HTTPS', https.port],
  ];
  for (const [index, [path, name, port]] of ports.entries()) {
    const other = ports.slice(0, index).find((earlier) => earlier[2] === port);
    if (!other || port === 0 || port === 'off') continue;
    const key = isGiven(path) ? path : other[0];
    throw new ConfigError(
      key,
      `${key}: ${port} is not valid; expected different ports for ${other[1]} and ${name}.`,
    );
  }
}

function checkAddresses(key: string, list: string): void {
  try {
    parseAddressList(list);
  } catch (error) {
    const expected = 'IP addresses and networks with commas between';
    throw new ConfigError(
      key,
      `${key}: ${quoteValue(list)} is not valid, ${(error as Error).message}; expected ${expected}.`,
    );
  }
}

function checkTrusted(proxies: Config['http']['trustProxy']): void {
  try {
    parseTrustedProxies(proxies);
  } catch (error) {
    const key = 'http.trust_proxy';
    const expected = 'IP addresses and networks with commas between, or a number of proxies';
    throw new ConfigError(
      key,
      `${key}: ${quoteValue(proxies)} is not valid, ${(error as Error).message}; expected ${expected}.`,
    );
  }
}
