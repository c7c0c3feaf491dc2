import type { FastifyRequest } from 'fastify';

/** The path of a request line, without the query, which may hold a secret. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** The query with its question mark, or nothing. */
export function queryOf(url: string): string {
  return url.slice(pathOf(url).length);
}

/**
 * Whether a person looks at the answer in a browser: it asks for a page, where programs take anything or ask for JSON. The API and
 * assets are for programs, also in a browser.
 */
export function isForPeople({
  method,
  headers,
  url,
}: Pick<FastifyRequest, 'method' | 'headers' | 'url'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return (headers.accept ?? '').includes('text/html') && !/^\/(?:api|assets)(?:\/|$)/.test(pathOf(url));
}
