import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Type from 'typebox';
import type { ErrorBody } from '../../shared/contract/server-info.ts';
import { type ApiFixture, startApi } from '../test/api-fixture.ts';

const strict = { additionalProperties: false };
const Everything = Type.Object(
  {
    choice: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b'), Type.Literal(3)])),
    some: Type.Optional(Type.Enum(['x', 'y'])),
    only: Type.Optional(Type.Literal(true)),
    whole: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    atLeast: Type.Optional(Type.Number({ minimum: 0.5 })),
    atMost: Type.Optional(Type.Integer({ maximum: 5 })),
    yes: Type.Optional(Type.Boolean()),
    when: Type.Optional(Type.String({ format: 'date-time' })),
    short: Type.Optional(Type.String({ minLength: 2, maxLength: 4 })),
    filled: Type.Optional(Type.String({ minLength: 1 })),
    either: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    list: Type.Optional(Type.Array(Type.Object({ size: Type.Integer() }, strict))),
    inner: Type.Optional(Type.Object({ deep: Type.Object({ name: Type.String() }, strict) }, strict)),
  },
  strict,
);

describe('a request that does not fit its schema', () => {
  let api: ApiFixture;
  before(async () => {
    api = await startApi({
      addRoutes(app) {
        app.post(
          '/body',
          { schema: { body: Type.Object({ first: Type.String(), second: Type.Integer() }) } },
          ok,
        );
        app.post('/all', { schema: { body: Everything } }, ok);
        app.get('/query', { schema: { querystring: Everything } }, ok);
        app.get('/params/:n', { schema: { params: Type.Object({ n: Type.Integer({ maximum: 5 }) }) } }, ok);
        app.get('/headers', { schema: { headers: Type.Object({ 'x-n': Type.Integer() }) } }, ok);
      },
    });
  });
  after(() => api.close());
  const ok = async () => 'ok';

  async function reasonOf(url: string, payload?: unknown, headers = {}): Promise<string> {
    const body = payload === undefined ? {} : { payload: JSON.stringify(payload) };
    const response = await api.app.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url,
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...body,
    });
    assert.equal(response.statusCode, 400, response.body);
    const { error } = response.json<ErrorBody>();
    assert.equal(error.code, 'bad-request');
    return (
      /^The request is not valid: (.*)\. The shapes are described/.exec(error.message)?.[1] ?? error.message
    );
  }

  it('is answered with what is missing, and what the rest must be', async () => {
    assert.equal(await reasonOf('/body', {}), 'in the body, first is missing; second is missing');
    assert.equal(
      await reasonOf('/body', { first: 'a', second: 'b' }),
      'in the body, second must be a whole number',
    );
    for (const whole of ['text', 1, true])
      assert.equal(await reasonOf('/body', whole), 'in the body, it must be an object');
  });

  it('is answered by the kind of each field', async () => {
    for (const [field, wrong, must] of [
      ['choice', 'c', '"a", "b" or 3'],
      ['some', 'z', '"x" or "y"'],
      ['only', 'no', 'true'],
      ['whole', 10, 'a whole number from 1 to 9'],
      ['whole', 1.5, 'a whole number from 1 to 9'],
      ['atLeast', 0, 'a number of at least 0.5'],
      ['atMost', 6, 'a whole number of at most 5'],
      ['yes', 'maybe', 'true or false'],
      ['when', 'noon', 'a time such as "2026-01-31T12:00:00Z"'],
      ['short', 'a', 'a text of 2 to 4 characters'],
      ['filled', '', 'a text of at least 1 characters'],
      ['either', 'x', 'a whole number or null'],
    ] as const) {
      assert.equal(await reasonOf('/all', { [field]: wrong }), `in the body, ${field} must be ${must}`);
      if (typeof wrong === 'string') {
        const reason = await reasonOf(`/query?${field}=${wrong}`);
        assert.equal(reason, `in the query, ${field} must be ${must}`);
      }
    }
  });

  it('is answered with the way to a field inside of others', async () => {
    assert.equal(await reasonOf('/all', { list: 3 }), 'in the body, list.0 must be an object');
    assert.equal(
      await reasonOf('/all', { list: [{ size: 1 }, { size: 'x' }] }),
      'in the body, list.1.size must be a whole number',
    );
    assert.equal(await reasonOf('/all', { inner: { deep: {} } }), 'in the body, inner.deep.name is missing');
    assert.equal(
      await reasonOf('/all', { inner: { deep: { name: 'n', extra: 1 } } }),
      'in the body, inner.deep.extra is not known (only name is taken)',
    );
  });

  it('is told from which part of it the field is', async () => {
    assert.equal(await reasonOf('/params/7'), 'in the address, n must be a whole number of at most 5');
    assert.equal(
      await reasonOf('/headers', undefined, { 'x-n': 'abc' }),
      'in the headers, x-n must be a whole number',
    );
    assert.equal(await reasonOf('/headers'), 'in the headers, x-n is missing');
  });

  it('is never answered with what it held, nor with more than a few faults', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `unknown${i}`);
    const reason = await reasonOf('/all', Object.fromEntries(names.map((name) => [name, 's3cret'])));
    assert.match(reason, /unknown0 is not known/);
    assert.match(reason, /; and 295 more$/);
    assert.doesNotMatch(reason, /s3cret/);
    const long = await reasonOf('/all', { [`<b>${'x'.repeat(5000)}`]: 1 });
    assert(long.length < 400, long);
    assert.match(long, /^in the body, "<b>x+\.\.\." is not known/);
    for (const name of ['__proto__', 'constructor', 'toString']) {
      assert.match(await reasonOf('/all', JSON.parse(`{"${name}":1}`)), /is not known|is not JSON/, name);
    }
  });
});
