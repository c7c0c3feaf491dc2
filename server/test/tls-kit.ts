import { once } from 'node:events';
import { get } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';

/** Gives away a TLS connection to a port of this machine, whoever signed the certificate. */
export async function tlsConnect(port: number, over?: Duplex): Promise<TLSSocket> {
  const socket = connect({
    ...(over ? { socket: over } : { host: '127.0.0.1', port }),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** What a port shows of itself. */
export async function shownFingerprint(port: number): Promise<string> {
  const socket = await tlsConnect(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** GET over TLS, whoever signed the certificate. */
export function getSecure(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
  });
}
