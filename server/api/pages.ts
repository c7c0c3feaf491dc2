import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { ApiDeps } from './api-deps.ts';

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sluice</title></head>
<body><h1>The pages are not built yet</h1>
<p>The server itself runs: streams, API and metrics work. Run <code>npm run build</code> and load this page again.</p>
</body></html>
`;

/** The web app: one document for the list and the dashboard, one for the player. */
export const pages: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'publicDir'>> = async (
  fastify,
  { publicDir },
) => {
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
    });
  }

  const documents = { 'index.html': ['/', '/admin', '/admin/*'], 'player.html': ['/watch/*', '/embed/*'] };
  for (const [file, urls] of Object.entries(documents)) {
    for (const url of urls) {
      fastify.get(url, { schema: { hide: true } }, (_request, reply) =>
        sendPage(reply, join(publicDir, file)),
      );
    }
  }
};

/** Read each time: it is small, and a new build under a running server shows at once. */
async function sendPage(reply: FastifyReply, path: string): Promise<FastifyReply> {
  reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
  try {
    return reply.send(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return reply.code(503).send(notBuilt);
  }
}
