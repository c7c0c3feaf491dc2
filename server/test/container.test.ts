import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { defaultConfig } from '../config/load.ts';
import { namedKeys } from '../config/schema.ts';

// No container engine is asked for: what can be wrong in these files without one is checked as text.

const root = join(import.meta.dirname, '../../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const dockerfile = read('Dockerfile');
const instructions = dockerfile
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line));
const ports = [defaultConfig().rtmp.port, defaultConfig().http.port];

it('the image is built from a Node that the package supports, and both stages from the same', () => {
  const bases = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
  assert.equal(bases.length, 2);
  assert.equal(bases[0], bases[1]);
  assert.match(bases[0] ?? '', /^node:(22|24)-/);
});

it('the image takes only files that are there and are not kept out of it', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const line of instructions.filter((text) => /^COPY (?!--from)/.test(text))) {
    for (const source of line.split(' ').slice(1, -1)) {
      assert(existsSync(join(root, source)), source);
      assert(!ignored.includes(source), source);
    }
  }
});

it('the container runs without rights, opens the default ports, and says whether it is well', () => {
  const last = (word: string) => instructions.findLast((line) => line.startsWith(`${word} `));
  assert.equal(last('USER'), 'USER node');
  assert.equal(last('EXPOSE'), `EXPOSE ${ports.join(' ')}`);
  assert.match(last('HEALTHCHECK') ?? '', /\/healthz/);
  assert.equal(last('ENTRYPOINT'), 'ENTRYPOINT ["node", "dist/server/main.js"]');
});

it('every SLUICE_ variable that the image names is a setting', () => {
  const known = namedKeys.map((named) => named.variable);
  const used = [...dockerfile.matchAll(/SLUICE_\w+/g)].map(([name]) => name);
  assert(used.length > 0);
  for (const name of used) assert(known.includes(name), name);
});

it('compose publishes the default ports, keeps the data and waits for a clean stop', () => {
  const { services, volumes } = parse(read('docker-compose.yml')) as {
    services: { sluice: { build: string; ports: string[]; volumes: string[]; stop_grace_period: string } };
    volumes: object;
  };
  const { sluice } = services;
  assert.equal(sluice.build, '.');
  assert.deepEqual(
    sluice.ports,
    ports.map((port) => `${port}:${port}`),
  );
  assert.deepEqual(sluice.volumes, ['data:/data']);
  assert.deepEqual(Object.keys(volumes), ['data']);
  assert(Number.parseInt(sluice.stop_grace_period, 10) > 10);
});
