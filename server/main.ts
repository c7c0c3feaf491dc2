import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from './app.ts';
import { ConfigError } from './config/config-error.ts';
import { helpText } from './config/help.ts';
import { loadConfig } from './config/load.ts';
import { type Arguments, parseArguments } from './config/parse-arguments.ts';
import type { Config } from './config/schema.ts';
import { logFormat } from './ops/log.ts';
import { lanAddresses, type StartFacts, startJson, startText } from './ops/start-banner.ts';
import { startDemoPublisher } from './transport/demo/demo-publisher.ts';

// The process: arguments, start, signals, exit codes. 0 asked to stop, 1 could not start or broke, 2 wrong settings.

/** Compiled, this file lies in dist/server. */
const packageRoot = join(import.meta.dirname, '../..');
const DEMO_STREAM = 'live/demo';
/** The promise is 10 s from signal to exit; the last part is for what is left when the clean way takes too long. */
const STOP_LIMIT_MS = 9_500;
/** Load balancers ask once a second or less often; who asks in this time is told 503. */
const READYZ_LINGER_MS = 1_000;
/** A terminal sends Ctrl+C to npm and to us, and npm passes it on: what comes this soon is the same request. */
const SAME_SIGNAL_MS = 300;

interface Running {
  readonly app: App;
  readonly demo: { close(): Promise<void> } | undefined;
}

let running: Running | undefined;
let stopAskedAtMs: number | undefined;

// Nobody reading our output is no reason to stop serving.
process.stdout.on('error', () => {});
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);
process.on('uncaughtException', onFault);
process.on('unhandledRejection', onFault);
await main();

async function main(): Promise<void> {
  const { args, config } = readSettings();
  try {
    const app = await startApp({ config });
    running = { app, demo: undefined };
    if (args.demo) running = { app, demo: await startDemo(app, config) };
    printStart(app, config, args);
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, 2);
    const line = startFault(error, config);
    if (line === undefined) throw error;
    fail(line, 1);
  }
}

/** Answers --help and --version, and ends the process when a setting is wrong. */
function readSettings(): { args: Arguments; config: Config } {
  try {
    const args = parseArguments(process.argv.slice(2));
    if (args.help) finish(helpText(version()));
    if (args.version) finish(`${version()}\n`);
    return { args, config: loadConfig({ args, env: process.env, cwd: process.cwd() }) };
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, 2);
    throw error;
  }
}

/** The demo is an extra: when it cannot start, the server serves all the same. */
async function startDemo(app: App, config: Config): Promise<Running['demo']> {
  const { publishUser, publishPassword } = config.rtmp;
  try {
    const clipPath = join(packageRoot, 'server/assets/demo.flv');
    return await startDemoPublisher({
      host: config.host || '127.0.0.1',
      port: app.rtmpPort,
      clipPath,
      streamName: DEMO_STREAM,
      credentials: publishUser ? { user: publishUser, password: publishPassword } : undefined,
      log: app.log,
    });
  } catch (error) {
    app.log.error({ err: error }, 'the demo clip could not be published');
    return undefined;
  }
}

function printStart(app: App, config: Config, args: Arguments): void {
  const facts: StartFacts = {
    version: version(),
    rtmpPort: app.rtmpPort,
    httpPort: app.httpPort,
    rtmpsPort: app.rtmpsPort,
    httpsPort: app.httpsPort,
    adminUrl: app.adminUrl(),
    watch: args.demo ? DEMO_STREAM : 'live/main',
    // Not that of the demo, whose encoder holds it.
    publish: 'live/main',
    host: config.host,
    lanAddresses: lanAddresses(networkInterfaces()),
    anybodyPublishes: config.rtmp.publishUser === '',
    tokenPlace: config.admin.token === '' ? join(config.data.dir, 'admin-token') : 'admin.token',
  };
  const isTerminal = process.stdout.isTTY === true;
  const isJson = logFormat({ format: config.log.format, isTerminal }) === 'json';
  process.stdout.write(isJson ? startJson(facts, new Date().toISOString()) : startText(facts));
}

/** One line for what the operator can do something about; undefined for our own mistakes. */
function startFault(error: unknown, config: Config): string | undefined {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const groups = ['rtmp', 'rtmps', 'https'] as const;
  const key = `${groups.find((group) => config[group].port === port) ?? 'http'}.port`;
  const flag = `--${key.replace('.', '-')}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} (${key}) is in use by another program. Stop it, or choose another port with ${flag}.`;
    case 'EACCES':
      return `Port ${port} (${key}) may not be opened by this user. Choose one above 1023 with ${flag}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `host: ${JSON.stringify(config.host || address)} is no address of this machine. Choose another with --host.`;
    default:
      return undefined;
  }
}

function onSignal(signal: NodeJS.Signals): void {
  const nowMs = performance.now();
  if (stopAskedAtMs !== undefined) {
    if (nowMs - stopAskedAtMs > SAME_SIGNAL_MS) process.exit(1);
    return;
  }
  running?.app.log.info({ signal }, 'stopping');
  void stop(0);
}

/** Whatever was not caught where it belongs: the state may be wrong, so the supervisor gets to start anew. */
function onFault(error: unknown): void {
  if (running) running.app.log.fatal({ err: error }, 'an error was caught by nobody; stopping');
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (!running) process.exit(1);
  if (stopAskedAtMs === undefined) void stop(1);
}

async function stop(code: number): Promise<void> {
  stopAskedAtMs = performance.now();
  const guard = setTimeout(() => {
    running?.app.log.warn('stopping took too long; leaving the rest');
    process.exit(code);
  }, STOP_LIMIT_MS);
  guard.unref();
  try {
    // The server first: viewers of the demo are told that it stops, and not that the encoder did.
    await Promise.all([running?.app.close(READYZ_LINGER_MS), running?.demo?.close()]);
  } catch (error) {
    running?.app.log.error({ err: error }, 'stopping was not clean');
  }
  process.exit(code);
}

function version(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function finish(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}

function fail(line: string, code: number): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}
