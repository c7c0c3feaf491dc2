import assert from 'node:assert/strict';
import { it } from 'node:test';
import { helpText } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import { namedKeys } from './schema.ts';

it('switches may stand anywhere and have short forms', () => {
  const args = parseArguments(['--demo', '--rtmp-port', '0', '-h', '-v']);
  assert.deepEqual([args.demo, args.help, args.version], [true, true, true]);
  assert.equal(args.settings.get('rtmp.port'), '0');
});

it('a yes-or-no setting may stand alone, before another option or at the end', () => {
  const args = parseArguments(['--web-public-list', '--rtmp-port', '0']);
  assert.equal(args.settings.get('web.public_list'), 'true');
  assert.equal(parseArguments(['--web-public-list', 'false']).settings.get('web.public_list'), 'false');
  assert.equal(parseArguments(['--web-public-list']).settings.get('web.public_list'), 'true');
});

it('the last of several equal flags counts', () => {
  assert.equal(parseArguments(['--rtmp-port=1', '--rtmp-port=2']).settings.get('rtmp.port'), '2');
});

it('a flag without its value is refused with the key and what was expected', () => {
  for (const argv of [['--rtmp-port'], ['--rtmp-port', '--demo']]) {
    assert.throws(() => parseArguments(argv), /rtmp\.port \(--rtmp-port\): no value.*expected a port number/);
  }
});

it('a switch takes no value', () => {
  assert.throws(() => parseArguments(['--demo=yes']), /--demo: "yes" was given/);
});

it('--help shows every setting with its default', () => {
  const text = helpText('1.2.3');
  for (const { flag, key } of namedKeys) {
    const after = text.slice(text.indexOf(`  ${flag} VALUE\n`) + 1).replace(/\s+/g, ' ');
    assert(after.includes(`Default: ${key.defaultText ?? String(key.default)}.`), flag);
    assert(text.includes(`  ${flag} VALUE\n`), flag);
  }
  for (const line of text.split('\n')) assert(line.length <= 110, line);
});
