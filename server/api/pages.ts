import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { parseStreamPath } from '../../shared/media/stream-name.ts';
import { parseWatchPath } from '../../shared/media/watch-path.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { VISITOR_COOKIE, VISITOR_SECONDS, type VisitorCookies } from '../ops/visitor-cookie.ts';
import type { ApiDeps } from './api-deps.ts';
import { sendListDocument, sendPlayerDocument } from './page-documents.ts';
import { isForPeople, pathOf } from './request-path.ts';

type PagesDeps = Pick<ApiDeps, 'publicDir' | 'config' | 'visitors'>;

/** What the public may find is for search engines as well; the dashboard is not. */
const robots = (publicList: boolean): string =>
  `User-agent: *\n${publicList ? 'Disallow: /admin\nDisallow: /api/\n' : 'Disallow: /\n'}`;

/** The web app: one document for the list and the dashboard, one for the player. */
export const pages: FastifyPluginAsyncTypebox<PagesDeps> = async (fastify, deps) => {
  const { publicDir, config } = deps;
  const assets = join(publicDir, 'assets');
  // Without a build there is no folder, and the plugin would complain of it.
  if (existsSync(assets)) {
    await fastify.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      decorateReply: false,
      // Their names hold a hash of their content.
      immutable: true,
      maxAge: '365d',
      index: false,
      // They are the same for everybody. A frame whose sandbox gives it no origin, and a site that is isolated from others, load them too.
      setHeaders(reply) {
        reply.header('access-control-allow-origin', '*');
        reply.header('cross-origin-resource-policy', 'cross-origin');
      },
    });
  }

  const options = { schema: { hide: true } };
  for (const url of ['/', '/admin', '/admin/*']) {
    fastify.get(url, options, (request, reply) => {
      refuseMedia(request);
      return sendListDocument(reply, publicDir);
    });
  }
  for (const url of ['/watch', '/watch/*', '/embed', '/embed/*']) {
    fastify.get(url, options, (request, reply) => sendWatch(request, reply, deps));
  }
  fastify.get('/robots.txt', options, (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(robots(config.web.publicList)),
  );
  fastify.get('/favicon.ico', options, async (_request, reply) => {
    const icon = await readFile(join(publicDir, 'favicon.ico')).catch(() => undefined);
    if (!icon) return reply.code(204).send();
    return reply.header('cache-control', 'max-age=86400').type('image/x-icon').send(icon);
  });
};

/** A player that asks for media of a name which is ours is told so: a page would look like broken media to it. */
function refuseMedia(request: FastifyRequest): void {
  const path = pathOf(request.url);
  if (!path.endsWith('.flv') || isForPeople(request)) return;
  const name = parseStreamPath(path);
  if (!name.ok) throw new RefusalError(refuse('name-invalid', { reason: name.reason }));
}

/** A link that cannot lead to a stream gets no player: it would ask for it for ever, and only tell the viewer so. */
function sendWatch(
  request: FastifyRequest,
  reply: FastifyReply,
  { publicDir, visitors }: PagesDeps,
): Promise<FastifyReply> {
  const path = pathOf(request.url);
  const target = parseWatchPath(path);
  const isEmbedded = path.startsWith('/embed/');
  if (isEmbedded) {
    // So that a site may embed it which lets in only what says that it may be.
    reply.header('cross-origin-embedder-policy', 'require-corp');
    reply.header('cross-origin-resource-policy', 'cross-origin');
  }
  if (target.ok) {
    if (visitors) knowVisitor(request, reply, { visitors, isEmbedded });
    return sendPlayerDocument(reply, publicDir);
  }
  if (!isForPeople(request)) throw new RefusalError(refuse('name-invalid', { reason: target.reason }));
  return sendListDocument(reply.code(404), publicDir);
}

/** Gives a browser its number, if it has none. Within a page of another site, only a cookie of that pair of sites is kept. */
function knowVisitor(
  request: FastifyRequest,
  reply: FastifyReply,
  { visitors, isEmbedded }: { visitors: VisitorCookies; isEmbedded: boolean },
): void {
  if (visitors.read(request.cookies[VISITOR_COOKIE])) return;
  const secure = request.protocol === 'https';
  const reach =
    secure && isEmbedded
      ? ({ sameSite: 'none', partitioned: true } as const)
      : ({ sameSite: 'lax' } as const);
  const options = { path: '/', httpOnly: true, maxAge: VISITOR_SECONDS, secure, ...reach };
  reply.setCookie(VISITOR_COOKIE, visitors.make(), options);
}
