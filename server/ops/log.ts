import { isIP } from 'node:net';
import { type Logger, type LoggerOptions, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from '../config/schema.ts';
import { LogPace } from './log-pace.ts';
import { scrubLine } from './scrub-line.ts';

interface LogOptions {
  readonly level: Config['log']['level'];
  readonly format: Config['log']['format'];
  /** Whether a person reads standard output as it comes. */
  readonly isTerminal: boolean;
  /** Where lines go: standard output unless a test says otherwise. */
  readonly write?: (line: string) => void;
}

/** `auto` decided: what lines will look like. */
export function logFormat(options: Pick<LogOptions, 'format' | 'isTerminal'>): 'pretty' | 'json' {
  if (options.format !== 'auto') return options.format;
  return options.isTerminal ? 'pretty' : 'json';
}

/** The process's logger. No line of it ever holds what follows a `?`, whoever writes it. */
export function createLogger(options: LogOptions): Logger {
  const write = options.write ?? writeToStdout();
  const format = logFormat(options) === 'pretty' ? prettyLine(options.isTerminal) : (line: string) => line;
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { logMethod: pacedBy(new LogPace()) },
      serializers: { req: describeRequest, res: describeResponse },
    },
    { write: (line: string) => write(format(scrubLine(line))) },
  );
}

/** Levels from info to error are paced. Who asks for debug wants all of it, and what is fatal comes once. */
const PACED = { from: 30, warning: 40, below: 60 } as const;

function pacedBy(pace: LogPace): NonNullable<LoggerOptions['hooks']>['logMethod'] {
  return function write(args, method, level) {
    if (level < PACED.from || level >= PACED.below) {
      method.apply(this, args);
      return;
    }
    const [first, second] = args as unknown[];
    const fields = (typeof first === 'object' && first !== null ? first : {}) as Record<string, unknown>;
    const leftOut = pace.take(
      {
        isWarning: level >= PACED.warning,
        message: String(typeof first === 'string' ? first : (second ?? '')),
        code: textOf(fields.code),
        address: textOf(fields.address),
      },
      performance.now(),
    );
    if (leftOut === undefined) return;
    if (leftOut === 0 || typeof first === 'string' || first instanceof Error) method.apply(this, args);
    else method.apply(this, [{ ...fields, leftOut }, second] as unknown as typeof args);
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Asynchronous, so that a reader that stalls cannot stop the server; beyond 8 MB unread, lines are lost. */
function writeToStdout(): (line: string) => void {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: 8 * 1024 * 1024 });
  // A reader that went away (EPIPE) must not end the server.
  destination.on('error', () => {});
  return (line) => {
    destination.write(line);
  };
}

function prettyLine(colorize: boolean): (line: string) => string {
  const prettify = prettyFactory({
    colorize,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: (log, messageKey) => onOneLine(String(log[messageKey] ?? '')),
    customPrettifiers: { name: (value) => onOneLine(String(value)) },
  });
  return (line) => prettify(withoutControls(line)) ?? '';
}

/** Escape sequences of JSON, whole, so that the second half of an escaped backslash is not taken for a start. */
const escapeOrControl = /\\(?:u00([01][0-9a-f]|7f)|.)|[\x7f-\x9f]/gi;

/**
 * Names come from outside: a terminal escape in one must not act on the operator's terminal. Works on the JSON line;
 * line breaks stay, for stack traces have them.
 */
function withoutControls(line: string): string {
  return line.replace(escapeOrControl, (found, code: string | undefined) => {
    if (code !== undefined) return `\\\\x${code}`;
    if (found === '\\r' || found === '\\b' || found === '\\f') return `\\${found}`;
    if (found.startsWith('\\')) return found;
    return `\\\\x${found.charCodeAt(0).toString(16)}`;
  });
}

/** A line break in a name must not look like a log line of ours. */
function onOneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

interface RequestLike {
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/** Headers stay out: they hold cookies and tokens. */
function describeRequest(request: RequestLike): RequestLike {
  // A proxy that was told to may have handed on anything.
  const { method, url, ip = '' } = request;
  return { method, url, ...(isIP(ip) !== 0 && { ip }) };
}

function describeResponse(response: { readonly statusCode?: number }): { statusCode: number | undefined } {
  return { statusCode: response.statusCode };
}
