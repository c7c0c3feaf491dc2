import { Program } from './program.ts';

/** A screen without a monitor for programs that insist on a window. */
export interface VirtualScreen {
  /** What DISPLAY has to say. */
  readonly display: string;
  close(): Promise<void>;
}

/** Starts Xvfb, which looks for a free display number itself and tells it on standard output. */
export async function openVirtualScreen(): Promise<VirtualScreen> {
  const args = ['-displayfd', '1', '-screen', '0', '1024x600x24', '-nolisten', 'tcp'];
  const server = new Program('Xvfb', args);
  const number = /^(\d+)\n/m;
  await server.says(number, 10_000);
  return {
    display: `:${number.exec(server.output)?.[1]}`,
    close: () => server.end('SIGTERM'),
  };
}
