import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess, type GatewaySettings } from './gateway-process.ts';
import { endAllPrograms, runProgram } from './program.ts';

/** Size of every test picture. Small: the point is the protocol, and OBS draws it without a graphics card. */
export const pictureSize = { width: 320, height: 180 } as const;

/** What trials work with: a server, a folder, a clip, and the secret that must never be seen again. */
export class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), 'sluice-interop-'));
  /** Goes along as `?token=` with every publish. */
  readonly secret = randomBytes(12).toString('hex');
  readonly clip = join(this.dir, 'clip.mp4');
  readonly gateway: GatewayProcess;
  readonly #others: GatewayProcess[] = [];
  readonly #shared = new Map<string, Promise<GatewayProcess>>();
  #names = 0;

  private constructor(gateway: GatewayProcess) {
    this.gateway = gateway;
  }

  static async prepare(): Promise<Bench> {
    const bench = new Bench(await GatewayProcess.start());
    await bench.#makeClip();
    return bench;
  }

  /** A stream name that no other trial uses. */
  freshName(app = 'live'): string {
    this.#names += 1;
    return `${app}/trial${this.#names}`;
  }

  file(name: string): string {
    return join(this.dir, name);
  }

  /** Where what a viewer of `name` saw is kept. */
  recordingFile(name: string): string {
    return this.file(`${name.replaceAll('/', '-')}.flv`);
  }

  /** The publishing address: the key carries the secret. */
  publishUrl(name: string, gateway = this.gateway): string {
    return `${gateway.rtmp(name)}?token=${this.secret}`;
  }

  /** A second server, for trials that stop theirs. */
  async ownGateway(settings: GatewaySettings = {}): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.start(settings);
    this.#others.push(gateway);
    return gateway;
  }

  /** A server with these settings, the same one for all trials that ask for them. */
  async gatewayWith(settings: GatewaySettings): Promise<GatewayProcess> {
    const key = JSON.stringify(settings);
    const gateway = this.#shared.get(key) ?? this.ownGateway(settings);
    this.#shared.set(key, gateway);
    return await gateway;
  }

  /** Ends what a trial left running; the server goes on. */
  async clearAway(): Promise<void> {
    await endAllPrograms((program) => program.name !== process.execPath);
  }

  /** Takes the secret, the folder and the ports out of what a report will show. */
  withoutSecrets(text: string): string {
    return text
      .replaceAll(this.secret, 'SECRET')
      .replaceAll(this.dir, 'DIR')
      .replaceAll(/(127\.0\.0\.1|localhost|\[::1\]):\d+/g, 'HOST');
  }

  /** Everything that all servers wrote. */
  get allLogs(): string {
    return [this.gateway, ...this.#others].map(({ log }) => log).join('\n');
  }

  async dispose(): Promise<void> {
    for (const gateway of [this.gateway, ...this.#others]) await gateway.dispose();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A minute of moving picture and tone: longer than any trial, so that nothing has to be looped. */
  async #makeClip(): Promise<void> {
    const { width, height } = pictureSize;
    const made = await runProgram(
      'ffmpeg',
      [
        ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=30`],
        ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-t', '60'],
        ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p'],
        ...['-c:a', 'aac', '-ac', '2', this.clip],
      ],
      60_000,
    );
    if (made.exitCode !== 0) throw new Error(`the test clip could not be made: ${made.lastWords}`);
  }
}
