import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type ObsSettings, writeObsProfile } from './obs-profile.ts';
import { Program } from './program.ts';
import { openVirtualScreen, type VirtualScreen } from './virtual-screen.ts';

interface ObsOptions {
  readonly stopAfterSeconds?: number;
  /** How often it tries again after a dropped line. */
  readonly maxRetries?: number;
  /** Where it publishes to, if not to the bench's own server. */
  readonly gateway?: GatewayProcess;
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
    const { gateway = bench.gateway, stopAfterSeconds = 0, maxRetries = 20 } = options;
    const home = mkdtempSync(bench.file('obs-'));
    const settings: ObsSettings = {
      server: gateway.rtmp(app),
      key: `${rest.join('/')}?token=${bench.secret}`,
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
    return new Obs(new Program('obs', flags, { env }), screen);
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
