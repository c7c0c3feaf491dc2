import Type, { type TSchema } from 'typebox';

/** One setting: what it may be, and what a person needs to know of it. */
export interface ConfigKey<T> {
  readonly default: T;
  /** What a value must look like, in words that finish "expected ...". */
  readonly expected: string;
  /** A sentence or two for `--help` and the sample file. */
  readonly description: string;
  readonly schema: TSchema;
  /** Turns the text of a flag or variable into a value for `schema` to judge. */
  readonly fromText: (text: string) => unknown;
  /** Shown instead of the default where the real one is found out at start. */
  readonly defaultText?: string;
  /** Its value never appears in a message. */
  readonly secret?: boolean;
}

interface KeyText {
  readonly description: string;
  readonly defaultText?: string;
  readonly secret?: boolean;
}

/** A whole number of things or bytes. */
export function integerKey(
  value: number,
  range: { min: number; max: number },
  text: KeyText,
): ConfigKey<number> {
  return {
    ...text,
    default: value,
    expected: `a whole number from ${range.min} to ${range.max}`,
    schema: Type.Integer({ minimum: range.min, maximum: range.max }),
    fromText: numberFromText,
  };
}

/** A number of processes, or `auto`. */
export function workersKey(text: KeyText): ConfigKey<number | 'auto'> {
  return {
    ...text,
    default: 0,
    expected: 'a whole number from 0 to 64, or auto',
    schema: Type.Union([Type.Integer({ minimum: 0, maximum: 64 }), Type.Literal('auto')]),
    fromText: numberFromText,
  };
}

/** A duration in seconds; fractions are allowed. */
export function secondsKey(
  value: number,
  range: { min: number; max: number },
  text: KeyText,
): ConfigKey<number> {
  return {
    ...text,
    default: value,
    expected: `a number of seconds from ${range.min} to ${range.max}`,
    schema: Type.Number({ minimum: range.min, maximum: range.max }),
    fromText: numberFromText,
  };
}

/** A TCP port to listen on. */
export function portKey(value: number, text: KeyText): ConfigKey<number> {
  return {
    ...integerKey(value, { min: 0, max: 65535 }, text),
    expected: 'a port number from 0 to 65535 (0 = any free port)',
  };
}

/** A TCP port that is listened on only when somebody asks for it. */
export function optionalPortKey(text: KeyText): ConfigKey<number | 'off'> {
  return {
    ...text,
    default: 'off',
    expected: 'off, or a port number from 0 to 65535 (0 = any free port)',
    schema: Type.Union([Type.Integer({ minimum: 0, maximum: 65535 }), Type.Literal('off')]),
    fromText: numberFromText,
  };
}

/** Yes or no. */
export function booleanKey(value: boolean, text: KeyText): ConfigKey<boolean> {
  return {
    ...text,
    default: value,
    expected: 'true or false',
    schema: Type.Boolean(),
    fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
  };
}

/** One word of a list. */
export function choiceKey<const W extends string>(
  value: W,
  words: readonly W[],
  text: KeyText,
): ConfigKey<W> {
  return {
    ...text,
    default: value,
    expected: `one of ${words.join(', ')}`,
    schema: Type.Union(words.map((word) => Type.Literal(word))),
    fromText: (given) => given,
  };
}

/** Text of a form that `pattern` describes. */
export function textKey(
  value: string,
  form: { pattern: string; expected: string },
  text: KeyText,
): ConfigKey<string> {
  return {
    ...text,
    default: value,
    expected: form.expected,
    schema: Type.String({ pattern: form.pattern }),
    fromText: (given) => given,
  };
}

/** Which proxies are believed: their addresses, or how many there are. */
export function proxiesKey(text: KeyText): ConfigKey<string | number | false> {
  return {
    ...text,
    default: '',
    expected:
      'the addresses of your proxies, such as 127.0.0.1 or 10.0.0.0/8, or how many stand one behind the other, such as 1 (true, which believed everybody, is no longer taken)',
    schema: Type.Union([
      Type.Integer({ minimum: 0, maximum: 10 }),
      Type.String({ pattern: '^[0-9A-Fa-f.:/, ]*$' }),
      Type.Literal(false),
    ]),
    fromText: (given) => (given === 'false' ? false : numberFromText(given)),
  };
}

/** Decimal notation only: "0x50", "1e3" and "" are more likely slips than meant. */
function numberFromText(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
