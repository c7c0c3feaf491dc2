import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sluice</title></head>
<body><h1>The pages are not built yet</h1>
<p>The server itself runs: streams, API and metrics work. Run <code>npm run build</code> and load this page again.</p>
</body></html>
`;

/** The list, the dashboard, and what is said about addresses that lead nowhere. */
export const sendListDocument = (reply: FastifyReply, publicDir: string): Promise<FastifyReply> =>
  sendDocument(reply, join(publicDir, 'index.html'));

/** The player. */
export const sendPlayerDocument = (reply: FastifyReply, publicDir: string): Promise<FastifyReply> =>
  sendDocument(reply, join(publicDir, 'player.html'));

/** Read each time: it is small, and a new build under a running server shows at once. */
async function sendDocument(reply: FastifyReply, path: string): Promise<FastifyReply> {
  reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
  try {
    return reply.send(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return reply.code(503).send(notBuilt);
  }
}
