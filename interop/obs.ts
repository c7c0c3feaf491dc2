import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type ObsSettings, writeObsProfile } from './obs-profile.ts';
import { Program } from './program.ts';
import type { Login } from './publishers.ts';
import { openVirtualScreen, type VirtualScreen } from './virtual-screen.ts';

interface ObsOptions {
  readonly stopAfterSeconds?: number;
  /** How often it tries again after a dropped line. */
  readonly maxRetries?: number;
  /** Where it publishes to, if not to the bench's own server. */
  readonly gateway?: GatewayProcess;
  readonly login?: Login;
  /** Publishes over RTMPS. */
  readonly tls?: boolean;
  /** Certificates that it finds in /etc/ssl/certs, in place of those of the system. */
  readonly trusts?: readonly string[];
}

/** Gives a program an /etc/ssl/certs of its own; nobody else sees it. Needs the right to mount. */
function withCertificates(folder: string, command: readonly string[]): string[] {
  return ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/ssl/certs && exec "$@"', folder, ...command];
}

function trustFolder(home: string, files: readonly string[]): string {
  const folder = join(home, 'certs');
  mkdirSync(folder);
  for (const [index, file] of files.entries()) copyFileSync(file, join(folder, `${index}.pem`));
  return folder;
}

/** OBS Studio without a monitor, which streams from its start. All its files lie in a folder of its own. */
export class Obs {
  readonly program: Program;
  readonly #screen: VirtualScreen;

  private constructor(program: Program, screen: VirtualScreen) {
    this.program = program;
    this.#screen = screen;
  }

  /** Streams `live/KEY`; the Stream key carries the secret. */
  static async stream(bench: Bench, name: string, options: ObsOptions = {}): Promise<Obs> {
    const [app = '', ...rest] = name.split('/');
    const { gateway = bench.gateway, stopAfterSeconds = 0, maxRetries = 20, login, tls, trusts } = options;
    const home = mkdtempSync(bench.file('obs-'));
    const settings: ObsSettings = {
      server: tls ? gateway.rtmps(app) : gateway.rtmp(app),
      key: `${rest.join('/')}?token=${bench.secret}`,
      login,
      clip: bench.clip,
      stopAfterSeconds,
      maxRetries,
    };
    writeObsProfile(join(home, 'config'), settings);
    // Qt refuses a runtime folder that others can read.
    mkdirSync(join(home, 'run'), { mode: 0o700 });
    const screen = await openVirtualScreen();
    const env = {
      DISPLAY: screen.display,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_RUNTIME_DIR: join(home, 'run'),
      LIBGL_ALWAYS_SOFTWARE: '1',
    };
    const flags = ['--startstreaming', '--minimize-to-tray', '--multi', '--disable-updater', '--verbose'];
    const [program = '', ...args] = trusts
      ? withCertificates(trustFolder(home, trusts), ['obs', ...flags])
      : ['obs', ...flags];
    return new Obs(new Program(program, args, { env }), screen);
  }

  get log(): string {
    return this.program.output;
  }

  /** Times that it opened a connection to publish. */
  get attempts(): number {
    return this.log.split('Connecting to RTMP URL').length - 1;
  }

  /** The power cut. While it streams, OBS answers every gentler signal with a question to its user. */
  async kill(): Promise<void> {
    await this.program.end('SIGKILL');
    await this.#screen.close();
  }

  /** Closes it; works only when nothing is streamed. */
  async quit(): Promise<void> {
    await this.program.end('SIGINT', 4000);
    await this.#screen.close();
  }
}
