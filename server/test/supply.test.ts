import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

// Compiled to dist/server/test: three folders below the package.
const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

it('Every package of the lock file has its hash', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>;
  };
  const without = Object.entries(packages).filter(
    ([path, { integrity, link }]) => path !== '' && !link && !integrity,
  );
  assert.deepEqual(
    without.map(([path]) => path),
    [],
  );
});

describe('The container', () => {
  interface Service {
    readonly read_only?: boolean;
    readonly cap_drop?: readonly string[];
    readonly security_opt?: readonly string[];
    readonly tmpfs?: readonly string[];
    readonly privileged?: boolean;
    readonly volumes: readonly string[];
  }
  const compose = parse(read('docker-compose.yml')) as { services: Record<string, Service> };

  it('can write to its volume alone and gain no rights', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.deepEqual(service.tmpfs, ['/tmp'], name);
      assert.notEqual(service.privileged, true, name);
      assert.deepEqual(service.volumes, ['data:/data'], name);
    }
  });

  it('runs as a user without rights, from an image of a named version', () => {
    const lines = read('Dockerfile').split('\n');
    const last = lines.findLastIndex((line) => line.startsWith('FROM '));
    assert.ok(lines.slice(last).includes('USER node'));
    for (const line of lines.filter((text) => text.startsWith('FROM '))) {
      assert.match(line, /^FROM node:\d+-[a-z]+-slim\b/);
    }
  });
});
