import type { FastifyRequest } from 'fastify';

/**
 * Whether a browser says that a page of another origin asked. Two headers tell, which no page can forge; programs send neither.
 * Hosts are compared and not schemes: behind a proxy that ends TLS, the scheme seen here is not the browser's.
 */
export function isForeign({ headers, host }: Pick<FastifyRequest, 'headers' | 'host'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  // A page whose referrers are switched off says null even to its own server.
  if (origin === 'null' && site === 'same-origin') return false;
  return hostOf(origin) !== hostOf(`http://${host}`);
}

/** Host and port; undefined is no host, and equal to none. */
function hostOf(url: string): string | number {
  return URL.canParse(url) ? new URL(url).host : Number.NaN;
}

/** What a Host header may hold: a name or an IPv4 address, or IPv6 in brackets, and a port. */
export function isHost(text: string): boolean {
  return (
    /^(?:[\p{L}\p{N}._~-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/iu.test(text) &&
    URL.canParse(`http://${text}`)
  );
}
