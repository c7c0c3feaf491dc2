import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

interface Where {
  readonly port: number;
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
}

/** What a server lacks to take a connection, such as a free file; it goes on with the next one. */
type AcceptFailed = (error: Error) => void;

/**
 * Listens on a host, or on all interfaces of both families where there are both. Gives the port that is really
 * listened on. `listen` replaces the server's own way.
 */
export async function listenEverywhere(
  server: Server,
  { port, host, acceptFailed }: Where & { readonly acceptFailed: AcceptFailed },
  listen = (at: { port: number; host: string }): Promise<unknown> => once(server.listen(at), 'listening'),
): Promise<number> {
  try {
    await listen({ port, host: host ?? '::' });
  } catch (error) {
    const noIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (host !== undefined || !noIpv6) throw error;
    await listen({ port, host: '0.0.0.0' });
  }
  server.on('error', acceptFailed);
  return (server.address() as AddressInfo).port;
}
