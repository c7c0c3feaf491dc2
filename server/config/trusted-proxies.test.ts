import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';

describe('http.trust_proxy', () => {
  it('believes nobody by default, and for false, which was the default once', () => {
    for (const none of ['', ' ', false, 'false', 0, '0']) assert.equal(parseTrustedProxies(none), undefined);
  });

  it('believes the proxies of a list, whoever is before them', () => {
    const trust = parseTrustedProxies('127.0.0.1, 10.0.0.0/8, fd00::/8');
    for (const address of ['127.0.0.1', '10.9.8.7', 'fd00::1', '::ffff:10.9.8.7'])
      assert(trust?.(address, 3), address);
    for (const address of ['127.0.0.2', '11.0.0.1', 'fe80::1', 'unknown', ''])
      assert(!trust?.(address, 0), address);
  });

  it('believes so many proxies one behind the other, and not who comes behind them', () => {
    const trust = parseTrustedProxies(2);
    assert.deepEqual(
      [0, 1, 2].map((hop) => trust?.('192.0.2.1', hop)),
      [true, true, false],
    );
  });

  const load = (value: string) =>
    loadConfig({
      args: { configFile: undefined, settings: new Map([['http.trust_proxy', value]]) },
      env: {},
      cwd: '/',
    });

  it('refuses true with what to write in its place', () => {
    assert.throws(
      () => load('true'),
      (error: unknown) =>
        error instanceof ConfigError &&
        /addresses of your proxies.*such as 1.*true.*no longer/.test(error.message),
    );
  });

  for (const wrong of ['everybody', '10.0.0.0/33', '10.0.0', '11', '-1', '1.5', 'true']) {
    it(`refuses ${wrong}`, () => assert.throws(() => load(wrong), ConfigError));
  }

  for (const right of ['1', '127.0.0.1', 'false', '::1, 10.0.0.0/8']) {
    it(`takes ${right}`, () => assert.doesNotThrow(() => load(right)));
  }
});
