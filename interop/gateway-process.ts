import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stream } from '../shared/contract/streams.ts';
import { Program } from './program.ts';
import { until } from './until.ts';

// Compiled to dist/interop, so the root of the package is two folders up.
const entry = join(import.meta.dirname, '../../bin/sluice.mjs');
const ADMIN_TOKEN = 'interop-admin-token';
const LOOPBACK = '127.0.0.1';

/** Settings beside those that every trial needs, by the names of their flags. */
export type GatewaySettings = Readonly<Partial<Record<string, string>>>;

/** The server as a user starts it, on free ports, with everything it logs kept. */
export class GatewayProcess {
  rtmpPort = 0;
  httpPort = 0;
  /** 0 unless it was started with RTMPS. */
  rtmpsPort = 0;
  /** How the process ended, of each life that is over. */
  readonly exitCodes: (number | null)[] = [];
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'sluice-interop-data-'));
  readonly #settings: GatewaySettings;
  #program: Program | undefined;
  #earlierLog = '';

  private constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  static async start(settings: GatewaySettings = {}): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(settings);
    await gateway.launch();
    return gateway;
  }

  /** Starts, on the ports of the life before if there was one. */
  async launch(): Promise<void> {
    const options = {
      host: LOOPBACK,
      'rtmp-port': this.rtmpPort,
      'http-port': this.httpPort,
      'admin-token': ADMIN_TOKEN,
      'data-dir': this.#dataDir,
      'log-format': 'json',
      'log-level': 'debug',
      ...this.#settings,
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const program = new Program(process.execPath, [entry, ...flags]);
    this.#program = program;
    const hasTls = this.#settings['rtmps-port'] !== undefined;
    await program.says(hasTls ? '"Server, TLS"' : '"Stream key"', 20_000);
    this.httpPort = Number(/http:\/\/localhost:(\d+)\/admin/.exec(program.output)?.[1]);
    this.rtmpPort = Number(/rtmp:\/\/localhost:(\d+)\//.exec(program.output)?.[1]);
    if (hasTls) this.rtmpsPort = Number(/rtmps:\/\/localhost:(\d+)\//.exec(program.output)?.[1]);
  }

  /** Asks it to stop in good order, as systemd or Ctrl-C does. */
  async terminate(): Promise<void> {
    const program = this.#program;
    if (!program) return;
    await program.end('SIGTERM', 12_000);
    this.exitCodes.push(program.exitCode);
    this.#earlierLog += program.output;
    this.#program = undefined;
  }

  async dispose(): Promise<void> {
    await this.#program?.end('SIGKILL');
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get log(): string {
    return this.#earlierLog + (this.#program?.output ?? '');
  }

  /** Everything in the data folder, as one text. */
  get storedText(): string {
    const files = readdirSync(this.#dataDir, { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
      .join('\n');
  }

  rtmp(name: string): string {
    return `rtmp://${this.#address}:${this.rtmpPort}/${name}`;
  }

  /** By name: mbed TLS, which OBS has, compares no addresses with a certificate. */
  rtmps(name: string): string {
    return `rtmps://localhost:${this.rtmpsPort}/${name}`;
  }

  http(path: string): string {
    return `http://${this.#address}:${this.httpPort}${path}`;
  }

  get #address(): string {
    const { host = LOOPBACK } = this.#settings;
    return host.includes(':') ? `[${host}]` : host;
  }

  /** The certificate that the server made for itself. */
  get certificateFile(): string {
    return join(this.#dataDir, 'tls-self-signed.pem');
  }

  flv(name: string): string {
    return this.http(`/${name}.flv`);
  }

  readonly adminHeaders = { authorization: `Bearer ${ADMIN_TOKEN}` } as const;

  /** The text of an address, asked for by the operator. */
  async text(path: string): Promise<string> {
    return await (await fetch(this.http(path), { headers: this.adminHeaders })).text();
  }

  /** What the dashboard's Kick does. */
  async kick(name: string): Promise<void> {
    const url = this.http(`/api/v1/streams/${encodeURIComponent(name)}`);
    await fetch(url, { method: 'DELETE', headers: this.adminHeaders });
  }

  async stream(name: string): Promise<Stream | undefined> {
    const { items } = JSON.parse(await this.text('/api/v1/streams')) as { items: Stream[] };
    return items.find((stream) => stream.name === name);
  }

  /** The stream as the API tells of it once it is live with these tracks. */
  async untilLive(name: string, tracks: { audio: boolean; video: boolean }, ms = 10_000): Promise<Stream> {
    return await until(
      async () => {
        const stream = await this.stream(name);
        if (stream?.state !== 'live') return undefined;
        const isWhole = (!tracks.audio || stream.audio) && (!tracks.video || stream.video?.width);
        return isWhole ? stream : undefined;
      },
      ms,
      `${name} live with its tracks`,
    );
  }

  async untilGone(name: string, ms = 3000): Promise<void> {
    await until(async () => (await this.stream(name)) === undefined, ms, `the end of ${name}`);
  }
}
