import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ConfigError } from './config-error.ts';
import { defaultConfig, loadConfig } from './load.ts';
import { parseArguments } from './parse-arguments.ts';
import { namedKeys } from './schema.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function load(given: { argv?: string[]; env?: Record<string, string>; file?: string; as?: string }) {
  if (given.file !== undefined) writeFileSync(join(cwd, given.as ?? 'sluice.config.yaml'), given.file);
  return loadConfig({ args: parseArguments(given.argv ?? []), env: given.env ?? {}, cwd });
}

function messageOf(given: Parameters<typeof load>[0]): string {
  try {
    load(given);
  } catch (error) {
    assert(error instanceof ConfigError, `a ConfigError, not ${error}`);
    assert(!error.message.includes('\n'), 'one line');
    return error.message;
  }
  assert.fail('nothing was refused');
}

/** A value other than the default that the key accepts, as text. */
function otherValue(path: string): string {
  const special: Record<string, string> = {
    host: '127.0.0.1',
    'admin.token': 'letmein',
    'rtmp.publish_user': 'obs',
    'rtmp.publish_password': 'letmein',
    'rtmp.proxy_protocol_from': '10.0.0.2',
    'tls.cert': 'cert.pem',
    'tls.key': 'key.pem',
    'data.dir': '/elsewhere',
    'log.level': 'debug',
    'log.format': 'json',
    'http.trust_proxy': '10.0.0.0/8, ::1',
    'http.request_timeout': '70',
    'web.public_list': 'false',
    'metrics.enabled': 'false',
    'metrics.token': 'letmein',
    'metrics.from': '10.0.0.2',
    'rtmp.max_message_bytes': '1000000',
    'rtmp.max_unfinished_bytes': '2000000',
    'rtmp.max_chunk_streams': '9',
    'rtmp.max_bytes_before_connect': '5000',
    'rtmp.max_data_bytes': '5000',
    'rtmp.max_command_bytes': '5000',
    'rtmp.max_amf_values': '70',
    'rtmp.max_held_bytes': '70000',
    'rtmp.max_held_messages': '70',
    'rtmp.max_unread_bytes': '70000',
    'viewer.queue_bytes': '70000',
  };
  return special[path] ?? '7';
}

/** What has to be given beside a key that is no use alone. */
function otherHalf(path: string): Record<string, string> {
  if (path === 'tls.cert') return { SLUICE_TLS_KEY: 'x' };
  if (path === 'tls.key') return { SLUICE_TLS_CERT: 'x' };
  if (path === 'rtmp.publish_user') return { SLUICE_RTMP_PUBLISH_PASSWORD: 'x' };
  return path === 'rtmp.publish_password' ? { SLUICE_RTMP_PUBLISH_USER: 'x' } : {};
}

describe('loadConfig', () => {
  it('gives the promised defaults when nothing is set', () => {
    const config = load({});
    assert.equal(config.host, '');
    assert.equal(config.rtmp.port, 1935);
    assert.equal(config.http.port, 8080);
    assert.equal(config.data.dir, resolve(cwd, 'data'));
    assert.equal(config.log.level, 'info');
  });

  it('lets a flag win over the environment, and that over the file', () => {
    const file = 'rtmp:\n  port: 1\nhttp:\n  port: 1\nlog:\n  level: warn\n';
    const env = { SLUICE_RTMP_PORT: '2', SLUICE_HTTP_PORT: '2' };
    const config = load({ file, env, argv: ['--rtmp-port', '3'] });
    assert.deepEqual([config.rtmp.port, config.http.port, config.log.level], [3, 2, 'warn']);
  });

  for (const named of namedKeys) {
    it(`takes ${named.path} from the file, ${named.variable} and ${named.flag} alike`, () => {
      const text = otherValue(named.path);
      const env = otherHalf(named.path);
      const fromFlag = load({ argv: [named.flag, text], env });
      assert.notDeepEqual(fromFlag, load({}));
      assert.deepEqual(load({ argv: [`${named.flag}=${text}`], env }), fromFlag);
      assert.deepEqual(load({ env: { ...env, [named.variable]: text } }), fromFlag);
      assert.deepEqual(load({ file: `${named.path}: ${text}\n`, env }), fromFlag);
    });
  }

  it('reads the file that --config names and not the usual one', () => {
    writeFileSync(join(cwd, 'other.yaml'), 'rtmp: {port: 5}');
    const config = load({ file: 'rtmp: {port: 4}', argv: ['--config', 'other.yaml'] });
    assert.equal(config.rtmp.port, 5);
  });

  it('accepts a group of which every key is commented out, and an empty file', () => {
    assert.deepEqual(
      load({ file: 'rtmp:\n  # port: 1\n' }),
      defaultConfig({ 'data.dir': resolve(cwd, 'data') }),
    );
    assert.deepEqual(load({ file: '' }), defaultConfig({ 'data.dir': resolve(cwd, 'data') }));
  });

  it('freezes the result at every depth', () => {
    const config = load({}) as { rtmp: { port: number } };
    assert.throws(() => {
      config.rtmp.port = 1;
    }, TypeError);
  });
});

describe('a wrong setting is refused with a line that names key, value and expectation', () => {
  const port = /^rtmp\.port \(.+\): .*(abc|99999).* is not valid; expected a port number from 0 to 65535/;

  it('in a flag', () => assert.match(messageOf({ argv: ['--rtmp-port', 'abc'] }), port));
  it('in the environment', () => assert.match(messageOf({ env: { SLUICE_RTMP_PORT: '99999' } }), port));
  it('in the file', () => assert.match(messageOf({ file: 'rtmp: {port: abc}' }), port));
  it('when a number is quoted in the file', () =>
    assert.match(messageOf({ file: 'rtmp: {port: "1935"}' }), /rtmp\.port.*"1935".*expected a port/));
  it('when a group gets a value', () =>
    assert.match(messageOf({ file: 'rtmp: 1935' }), /^rtmp: 1935 was given.*no such setting/));
  it('when a value is hexadecimal, in exponents or empty', () => {
    for (const text of ['0x50', '1e3', '', ' 80', '1_000', 'NaN']) {
      assert.match(messageOf({ env: { SLUICE_HTTP_PORT: text } }), /^http\.port/);
    }
  });
  it('when a word is not in the list', () =>
    assert.match(messageOf({ argv: ['--log-level=loud'] }), /log\.level.*"loud".*one of trace, debug/));
  it('when RTMP and HTTP would share a port, but not when both take any', () => {
    assert.match(
      messageOf({ argv: ['--rtmp-port', '8080'] }),
      /^rtmp\.port: 8080 .*expected different ports/,
    );
    assert.match(messageOf({ env: { SLUICE_HTTP_PORT: '1935' } }), /^http\.port: 1935 .*different/);
    assert.equal(load({ argv: ['--rtmp-port=0', '--http-port=0'] }).http.port, 0);
  });
  it('when a request has less time than its headers', () => {
    assert.match(messageOf({ argv: ['--http-request-timeout=9'] }), /^http\.request_timeout: .*no less than/);
    assert.match(messageOf({ argv: ['--http-header-timeout=31'] }), /^http\.header_timeout: .*no less than/);
    assert.equal(load({ argv: ['--http-request-timeout=10'] }).http.requestTimeout, 10);
  });
  it('when a port for TLS is no other, and takes off for none', () => {
    const argv = ['--rtmps-port=1936', '--https-port=1936'];
    assert.match(messageOf({ argv }), /^https\.port: 1936 .*different ports for RTMPS and HTTPS/);
    assert.match(messageOf({ argv: ['--rtmps-port', '8080'] }), /^rtmps\.port: 8080 .*HTTP and RTMPS/);
    assert.match(
      messageOf({ argv: ['--https-port', 'on'] }),
      /^https\.port .*expected off, or a port number/,
    );
    const config = load({ argv: ['--https-port', '0'], file: 'rtmps: {port: off}' });
    assert.deepEqual([config.rtmps.port, config.https.port], ['off', 0]);
  });
  it('when a certificate comes without its key', () => {
    assert.match(messageOf({ argv: ['--tls-cert', 'a.pem'] }), /^tls\.key: nothing .*beside tls\.cert/);
    assert.match(messageOf({ argv: ['--tls-key', 'a.pem'] }), /^tls\.cert: nothing .*beside tls\.key/);
    const config = load({ argv: ['--tls-cert=a.pem', '--tls-key=/b.pem'] });
    assert.deepEqual(config.tls, { cert: resolve(cwd, 'a.pem'), key: '/b.pem' });
  });
  it('when a list of proxies has something that is no address', () =>
    assert.match(
      messageOf({ argv: ['--rtmp-proxy-protocol-from', '10.0.0.2,10.0.0.0/40'] }),
      /^rtmp\.proxy_protocol_from: .*"10\.0\.0\.0\/40" is no IP address or network/,
    ));
  it('when a login for publishers is given by halves, without repeating the password', () => {
    assert.match(
      messageOf({ env: { SLUICE_RTMP_PUBLISH_USER: 'obs' } }),
      /^rtmp\.publish_password: nothing was given/,
    );
    const message = messageOf({ env: { SLUICE_RTMP_PUBLISH_PASSWORD: 'hush-hush' } });
    assert.match(message, /^rtmp\.publish_user: nothing was given/);
    assert.doesNotMatch(message, /hush-hush/);
    const both = { SLUICE_RTMP_PUBLISH_USER: 'obs', SLUICE_RTMP_PUBLISH_PASSWORD: 'hush-hush' };
    assert.equal(load({ env: both }).rtmp.publishUser, 'obs');
  });
  it('without repeating a secret', () => {
    const message = messageOf({ argv: ['--admin-token', 'two words'] });
    assert.match(message, /^admin\.token/);
    assert.doesNotMatch(message, /two words/);
  });
  it('on one line even when the value has several', () =>
    assert.match(messageOf({ env: { SLUICE_LOG_LEVEL: 'a\nb' } }), /"a\\nb"/));
});

describe('an unknown key is refused and a near one named', () => {
  it('in a flag', () =>
    assert.match(messageOf({ argv: ['--rtmp-prt', '1'] }), /^--rtmp-prt: "1" .*expected --rtmp-port/));
  it('in the environment', () =>
    assert.match(
      messageOf({ env: { SLUICE_RTMP_PROT: '1' } }),
      /SLUICE_RTMP_PROT.*expected SLUICE_RTMP_PORT/,
    ));
  it('in the file', () =>
    assert.match(messageOf({ file: 'http: {prt: 1}' }), /^http\.prt: 1.*expected http\.port/));
  it('when it has the name of something every object has', () =>
    assert.match(messageOf({ file: '__proto__: {port: 1}\nconstructor: 2' }), /no such setting/));
  it('in stray words', () =>
    assert.match(messageOf({ argv: ['start'] }), /^start: it was given.*no such option/));
  it('while variables of other programs are left alone', () =>
    assert.equal(load({ env: { RTMP_PORT: 'x', PATH: '/bin' } }).rtmp.port, 1935));
});

describe('a file that cannot be used is refused', () => {
  it('when --config names one that is not there', () =>
    assert.match(
      messageOf({ argv: ['--config', 'gone.yaml'] }),
      /^--config "gone\.yaml": there is no such file/,
    ));
  it('when it is not YAML, with the line', () =>
    assert.match(
      messageOf({ file: 'host: a\nrtmp: [\n' }),
      /^sluice\.config\.yaml, line \d+: not valid YAML/,
    ));
  it('when it is a list', () =>
    assert.match(messageOf({ file: '- a\n- b\n' }), /sluice\.config\.yaml.*expected keys/));
});
