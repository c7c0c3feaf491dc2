import type { FastifyError } from 'fastify';

type SchemaError = NonNullable<FastifyError['validation']>[number];

/** The parts of a request that a route may describe by a schema. */
export type RequestPart = 'body' | 'querystring' | 'params' | 'headers';

/** A JSON schema, as far as routes use it. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

const places: Readonly<Record<RequestPart, string>> = {
  body: 'in the body',
  querystring: 'in the query',
  params: 'in the address',
  headers: 'in the headers',
};

/** A request with hundreds of faults is explained by the first few. */
const MAX_NAMED = 5;
const MAX_NAME_LENGTH = 40;

/**
 * Says what is wrong with a request in words that name each field and what it may hold: "in the query, role must be "publisher" or
 * "viewer"; limit must be a whole number from 1 to 1000". Never repeats a value, which may be a secret.
 */
export function describeSchemaFaults(of: {
  readonly part: RequestPart;
  readonly errors: readonly SchemaError[];
  readonly schema: unknown;
  readonly given: unknown;
}): string {
  const schema = (of.schema ?? {}) as Schema;
  // One field may break several rules of its schema: it is named once.
  const faults = new Map<string, string>();
  for (const error of of.errors) {
    const path = pathOf(error);
    const key = JSON.stringify(path);
    if (!faults.has(key)) faults.set(key, faultAt(path, error, schema, of.given));
  }
  const all = [...faults.values()];
  const named = all.slice(0, MAX_NAMED);
  if (all.length > MAX_NAMED) named.push(`and ${all.length - MAX_NAMED} more`);
  return `${places[of.part]}, ${named.join('; ')}`;
}

type Path = readonly string[];

/** The field that an error is about; an error about a field too many or too few is raised at the object around it. */
function pathOf({ keyword, instancePath, params }: SchemaError): Path {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') return [...path, String(params.missingProperty)];
  if (keyword === 'additionalProperties') return [...path, String(params.additionalProperty)];
  return path;
}

function faultAt(path: Path, error: SchemaError, root: Schema, given: unknown): string {
  const name = path.length === 0 ? 'it' : quoteUnlessPlain(path.join('.'));
  if (error.keyword === 'required') return `${name} is missing`;
  if (error.keyword === 'additionalProperties') {
    return `${name} is not known (${knownFields(schemaAt(root, path.slice(0, -1)))})`;
  }
  const schema = schemaAt(root, path);
  if (Array.isArray(valueAt(given, path)) && schema?.type !== 'array') return `${name} must be given once`;
  return `${name} must be ${schema ? describeSchema(schema) : 'something else'}`;
}

/** Names that a client made up may hold anything. */
function quoteUnlessPlain(name: string): string {
  const short = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}...` : name;
  return /^[\w.-]+$/.test(short) ? short : JSON.stringify(short);
}

function knownFields(schema: Schema | undefined): string {
  const names = Object.keys(schema?.properties ?? {});
  if (names.length === 0) return 'nothing is taken here';
  return `${names.length === 1 ? 'only ' : ''}${list(names, 'and')} ${names.length === 1 ? 'is' : 'are'} taken`;
}

function schemaAt(root: Schema, path: Path): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const segment of path) {
    const fields: Schema['properties'] = schema?.properties ?? {};
    schema = Object.hasOwn(fields, segment) ? fields[segment] : schema?.items;
  }
  return schema;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/** What a schema allows, to go on from "must be". */
function describeSchema(schema: Schema): string {
  const choices = choicesOf(schema);
  if (choices) return list(choices, 'or');
  if (schema.anyOf) return list(schema.anyOf.map(describeSchema), 'or');
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return 'something else';
  return list(
    types.map((type) => describeType(type, schema)),
    'or',
  );
}

/** Single values of which one is to be chosen. */
function choicesOf({ const: only, enum: some, anyOf }: Schema): readonly string[] | undefined {
  if (only !== undefined) return [JSON.stringify(only)];
  if (some) return some.map((value) => JSON.stringify(value));
  const each = anyOf?.map(choicesOf);
  return each?.every((choices) => choices !== undefined) ? each.flat() : undefined;
}

function describeType(type: string, schema: Schema): string {
  switch (type) {
    case 'integer':
      return `a whole number${range(schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'string':
      return describeText(schema);
    default:
      return type;
  }
}

function describeText({ format, minLength = 0, maxLength }: Schema): string {
  if (format === 'date-time') return 'a time such as "2026-01-31T12:00:00Z"';
  if (maxLength !== undefined) return `a text of ${minLength} to ${maxLength} characters`;
  return minLength > 0 ? `a text of at least ${minLength} characters` : 'a text';
}

function range(from: number | undefined, to: number | undefined): string {
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? '' : ` of at most ${to}`;
}

function list(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
