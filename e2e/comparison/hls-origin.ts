import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
};
const page =
  '<!doctype html><title>HLS</title><video autoplay muted playsinline src="/live.m3u8" width="640"></video>';

/** HLS as it is made everywhere: ffmpeg cuts the stream of `source` into segments, a web server hands out the files. */
export class HlsOrigin {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-hls-'));
  readonly #server: Server;
  readonly #packager: ChildProcess;

  private constructor(source: string, segmentSeconds: number) {
    this.#packager = spawn(
      'ffmpeg',
      [
        ...[
          '-hide_banner',
          '-loglevel',
          'error',
          '-nostdin',
          '-fflags',
          'nobuffer',
          '-i',
          source,
          '-c',
          'copy',
        ],
        ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '6'],
        ...['-hls_flags', 'delete_segments', join(this.#folder, 'live.m3u8')],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    this.#server = createServer(async (request, response) => {
      const name = basename(new URL(request.url ?? '/', 'http://x').pathname) || 'index.html';
      try {
        const body = name === 'index.html' ? page : await readFile(join(this.#folder, name));
        response
          .writeHead(200, { 'content-type': types[extname(name)], 'cache-control': 'no-cache' })
          .end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  static async start(source: string, segmentSeconds: number): Promise<HlsOrigin> {
    const origin = new HlsOrigin(source, segmentSeconds);
    origin.#server.listen(0, '127.0.0.1');
    await once(origin.#server, 'listening');
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    const exited = once(this.#packager, 'exit');
    this.#packager.kill('SIGKILL');
    await exited;
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
