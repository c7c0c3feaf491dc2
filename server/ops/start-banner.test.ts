import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import {
  lanAddresses,
  type StartFacts,
  startItems,
  startJson,
  startNotes,
  startText,
} from './start-banner.ts';

const facts: StartFacts = {
  version: '1.2.3',
  rtmpPort: 1935,
  httpPort: 8080,
  rtmpsPort: null,
  httpsPort: null,
  adminUrl: 'http://localhost:8080/admin?token=abc',
  watch: 'live/main',
  publish: 'live/main',
  host: '',
  lanAddresses: ['192.168.1.5'],
  anybodyPublishes: true,
  tokenPlace: 'data/admin-token',
};

it('the start block has the addresses to open and what to paste into OBS', () => {
  const text = startText(facts);
  for (const line of [
    'Watch        http://localhost:8080/watch/live/main',
    'Dashboard    http://localhost:8080/admin?token=abc',
    'All streams  http://localhost:8080/',
    'Server       rtmp://localhost:1935/live',
    'Stream key   main',
    'On other machines write 192.168.1.5 instead of localhost.',
  ]) {
    assert(text.includes(`  ${line}\n`), line);
  }
});

it('names the ports for TLS where there are any', () => {
  assert.doesNotMatch(startText(facts), /TLS/);
  const text = startText({ ...facts, rtmpsPort: 1936, httpsPort: 8443 });
  assert.match(text, /\n {2}Over TLS\n {4}Pages, TLS {3}https:\/\/localhost:8443\/\n/);
  assert.match(text, /\n {4}Server, TLS {2}rtmps:\/\/localhost:1936\/live\n/);
});

it('says who can reach the ports, and that strangers may publish where no password is set', () => {
  const says = (change: Partial<StartFacts>) => startText({ ...facts, ...change });
  assert.match(says({}), /All who reach this machine can watch on port 8080, and publish on port 1935\.\n/);
  assert.match(says({}), /No password is asked for: set rtmp\.publish_user/);
  const withLogin = says({ anybodyPublishes: false, rtmpsPort: 1936, httpsPort: 8443 });
  assert.match(
    withLogin,
    /watch on port 8080 and 8443, and publish on port 1935 and 1936 with the password\.\n/,
  );
  assert.doesNotMatch(withLogin, /No password/);
  assert.match(says({ host: '127.0.0.1' }), /Programs on this machine alone can watch/);
  assert.doesNotMatch(says({ host: '::1' }), /No password/);
});

it('says how long its link works and where the token is', () => {
  assert.match(
    startText(facts),
    /link works for ten minutes\. Later, log in with the token in data\/admin-token\.\n/,
  );
});

it('a name of several segments is split as OBS wants it', () => {
  const values = startItems({ ...facts, publish: 'live/sub/room' }).map((item) => item.value);
  assert(values.includes('rtmp://localhost:1935/live/sub'));
  assert(values.includes('room'));
});

it('a server on one address is named by it, and other machines are not promised one that does not listen', () => {
  assert.match(startText({ ...facts, host: '10.0.0.3' }), /http:\/\/10\.0\.0\.3:8080\/admin\?token=abc/);
  assert.match(startText({ ...facts, host: 'fd00::3' }), /rtmp:\/\/\[fd00::3\]:1935\/live/);
  for (const host of ['10.0.0.3', '127.0.0.1', '::1']) {
    assert.doesNotMatch(startText({ ...facts, host }), /192\.168/);
  }
  assert.match(startText({ ...facts, host: '127.0.0.1' }), /localhost:8080/);
});

it('as JSON it is one object a line', () => {
  const lines = startJson(facts, '2026-01-01T00:00:00.000Z').trimEnd().split('\n');
  const items = lines.map((line) => JSON.parse(line) as { level: string; label: string; value: string });
  assert.deepEqual(
    items.map(({ label, value }) => ({ label, value })),
    [...startItems(facts), ...startNotes(facts).map((value) => ({ label: 'Note', value }))],
  );
  assert.equal(items[0]?.level, 'info');
});

it('only addresses that other machines can use are named', () => {
  const address = (text: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address: text, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as never;
  assert.deepEqual(
    lanAddresses({
      lo: [address('127.0.0.1', 'IPv4', true)],
      eth0: [address('fe80::1', 'IPv6'), address('192.168.1.5', 'IPv4')],
      usb0: [address('169.254.3.3', 'IPv4')],
      gone: undefined,
    }),
    ['192.168.1.5'],
  );
});

it('README shows what is printed', () => {
  // Compiled to dist/server/ops: three folders below the package.
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const shown = /^```\n( {2}Sluice .*? is ready\..*?)```/ms.exec(readme)?.[1];
  const version = /Sluice (\S+) is ready/.exec(shown ?? '')?.[1] ?? '';
  const printed = startText({
    ...facts,
    version,
    adminUrl: 'http://localhost:8080/admin?token=...',
    lanAddresses: ['192.168.1.20'],
  });
  assert.equal(shown?.trim(), printed.trim());
});
