import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A screen without a monitor for programs that insist on a window. */
export interface VirtualScreen {
  /** What DISPLAY has to say. */
  readonly display: string;
  close(): void;
}

/** Starts Xvfb, which looks for a free display number itself and tells it on descriptor 3. */
export async function openVirtualScreen(): Promise<VirtualScreen> {
  const args = ['-displayfd', '3', '-screen', '0', '1024x600x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((resolve, reject) => {
    const told = server.stdio[3] as Readable;
    let text = '';
    told.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.endsWith('\n')) resolve(text.trim());
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error('Xvfb ended before it had a display')));
  });
  return { display: `:${number}`, close: () => server.kill('SIGTERM') };
}
