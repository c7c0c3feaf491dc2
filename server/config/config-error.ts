/** The operator's mistake in a file, the environment or a flag. `main.ts` prints its one line and exits with code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The setting's path, or the argument as it was typed when it is no setting. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(oneLine(message));
    this.key = key;
  }
}

/** A value that somebody typed, short and on one line. */
export function quoteValue(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Whether a mistyped key was probably meant for something that must not be repeated in a message. */
export function looksSecret(name: string): boolean {
  return /tok|secret|pass/i.test(name);
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
