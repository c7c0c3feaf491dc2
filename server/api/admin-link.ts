import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.ts';
import type { AdminAuth } from '../ops/admin-auth.ts';
import { giveSession } from './session-cookie.ts';

/**
 * `/admin?token=...`, the link that is printed at the start: exchanged for a session at once, and answered with the address without
 * the token. So it stays in no history and no copied link, and no page is ever loaded whose address a browser could hand on.
 * Call it on the root instance, before any route.
 */
export function registerAdminLink(fastify: FastifyInstance, auth: AdminAuth): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' || !/^\/admin(?:\/[^?]*)?\?/.test(request.url)) return;
    const [path = '', query] = request.url.split('?', 2);
    const search = new URLSearchParams(query);
    const token = search.get('token');
    if (token === null) return;
    search.delete('token');
    if (isOpenedByHand(request)) {
      const address = clientAddress(request);
      const result = auth.login({ address, token });
      if (result.ok) giveSession(request, reply, result.session);
      else {
        request.log.warn({ address, code: result.code }, 'a login was refused');
        search.set('refused', result.code);
      }
    }
    const rest = search.toString();
    // One slash at the front: two would name another host.
    return reply
      .header('cache-control', 'no-store')
      .redirect(`${path.replace(/^\/+/, '/')}${rest ? `?${rest}` : ''}`, 303);
  });
}

/**
 * Typed, pasted or clicked. A page that loads the address by itself could use up the tries of its visitor's address, so such a
 * token is not looked at.
 */
function isOpenedByHand({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return (
    site === undefined || site === 'none' || site === 'same-origin' || headers['sec-fetch-user'] === '?1'
  );
}
