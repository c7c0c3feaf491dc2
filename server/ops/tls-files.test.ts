import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadSelfSigned, type TlsIdentity } from './self-signed.ts';
import { describeCertificate, readTlsFiles, TlsFileWatch } from './tls-files.ts';

const nowMs = Date.now();
const dayMs = 86_400_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('The self-signed certificate', () => {
  it('is for this machine, for 825 days, and only its owner may read its key', async () => {
    const { cert, key } = await loadSelfSigned(join(dir, 'new'), nowMs);
    const made = new X509Certificate(cert);
    for (const name of ['localhost', hostname()]) assert.ok(made.checkHost(name), name);
    for (const address of ['127.0.0.1', '::1']) assert.ok(made.checkIP(address), address);
    assert.equal(made.checkHost('example.com'), undefined);
    assert.equal(Math.round((Date.parse(made.validTo) - nowMs) / dayMs), 825);
    assert.ok(made.verify(made.publicKey), 'signed by itself');
    assert.equal(statSync(join(dir, 'new/tls-self-signed.pem')).mode & 0o777, 0o600);
    writeFileSync(join(dir, 'c'), cert);
    writeFileSync(join(dir, 'k'), key);
    assert.deepEqual(readTlsFiles({ cert: join(dir, 'c'), key: join(dir, 'k') }), { cert, key });
  });

  it('is made once and used again, until it is about to run out', async () => {
    const first = await loadSelfSigned(dir, nowMs);
    assert.deepEqual(await loadSelfSigned(dir, nowMs + 794 * dayMs), first);
    const second = await loadSelfSigned(dir, nowMs + 796 * dayMs);
    assert.notEqual(second.cert, first.cert);
    assert.deepEqual(await loadSelfSigned(dir, nowMs + 797 * dayMs), second);
  });

  it('is made anew when its file was emptied', async () => {
    const first = await loadSelfSigned(dir, nowMs);
    writeFileSync(join(dir, 'tls-self-signed.pem'), '');
    assert.notEqual((await loadSelfSigned(dir, nowMs)).cert, first.cert);
  });
});

describe('Files of a certificate', () => {
  const paths = () => ({ cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') });
  const made = (name: string): Promise<TlsIdentity> => loadSelfSigned(join(dir, name), nowMs);

  async function start() {
    const first = await made('first');
    writeFileSync(paths().cert, first.cert);
    writeFileSync(paths().key, first.key);
    const told: (TlsIdentity | string)[] = [];
    const watch = new TlsFileWatch(paths(), {
      changed: (identity) => told.push(identity),
      failed: (reason) => told.push(reason),
    });
    const look = (times: number) => {
      for (let i = 0; i < times; i++) watch.look();
    };
    return { first, told, look };
  }

  it('that do not change are not read again', async () => {
    const { told, look } = await start();
    look(4);
    assert.deepEqual(told, []);
  });

  it('are taken together when one is replaced after the other', async () => {
    const { told, look } = await start();
    const second = await made('second');
    writeFileSync(paths().cert, second.cert);
    look(1);
    writeFileSync(paths().key, second.key);
    look(3);
    assert.deepEqual(told, [second]);
  });

  it('are followed through links that are moved', async () => {
    const { look, told } = await start();
    const second = await made('second');
    writeFileSync(join(dir, 'c2'), second.cert);
    writeFileSync(join(dir, 'k2'), second.key);
    for (const [target, path] of [
      ['c2', paths().cert],
      ['k2', paths().key],
    ] as const) {
      symlinkSync(join(dir, target), join(dir, 'link'));
      renameSync(join(dir, 'link'), path);
    }
    look(2);
    assert.deepEqual(told, [second]);
  });

  it('that cannot be used are told of once, and mended ones are taken', async () => {
    const { first, told, look } = await start();
    const second = await made('second');
    writeFileSync(paths().cert, second.cert);
    look(5);
    assert.equal(told.length, 1);
    assert.match(String(told[0]), /do not make a certificate and its key/);
    rmSync(paths().key);
    look(5);
    assert.equal(told.length, 2);
    assert.match(String(told[1]), /key\.pem cannot be read \(ENOENT\)/);
    writeFileSync(paths().cert, first.cert);
    writeFileSync(paths().key, first.key);
    look(2);
    assert.deepEqual(told[2], first);
  });

  it('that lead in a circle are told of once, and mended ones are taken', async () => {
    const { first, told, look } = await start();
    rmSync(paths().cert);
    symlinkSync(paths().cert, paths().cert);
    look(5);
    assert.equal(told.length, 1);
    assert.match(String(told[0]), /cert\.pem cannot be read \(ELOOP\)/);
    rmSync(paths().cert);
    writeFileSync(paths().cert, first.cert);
    look(2);
    assert.deepEqual(told[1], first);
  });

  it('that whoever uses them cannot take are told of, and end nothing', async () => {
    const { first } = await start();
    const told: string[] = [];
    const watch = new TlsFileWatch(paths(), {
      changed: () => {
        throw new Error('key too small');
      },
      failed: (reason) => told.push(reason),
    });
    writeFileSync(paths().cert, `${first.cert}\n`);
    for (let i = 0; i < 3; i++) watch.look();
    assert.deepEqual(told, ['key too small']);
  });

  it('are described without the key', async () => {
    const { cert } = await made('first');
    const { names, validTo, fingerprint } = describeCertificate(cert);
    assert.match(names, /DNS:localhost/);
    assert.match(validTo, /^\d{4}-\d\d-\d\dT/);
    assert.match(fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });
});
