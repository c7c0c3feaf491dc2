import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { loadRevokedSessions, revokedSessions } from './revoked-sessions.ts';

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-revoked-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('Sessions that were logged out', () => {
  const load = (dir: string, failures: string[] = []) =>
    loadRevokedSessions({ dir, nextExpiry: 5000, failed: (reason) => failures.push(reason) });

  it('stay so over a restart, in a file that only its owner reads', (t) => {
    const dir = folder(t);
    load(dir).revoke({ nonce: 'a', expires: 2000 }, 1000);
    load(dir).revoke({ nonce: 'b', expires: 2100 }, 1000);
    const revoked = load(dir);
    assert.equal(revoked.isRevoked({ nonce: 'a', expires: 2000 }), true);
    assert.equal(revoked.isRevoked({ nonce: 'b', expires: 2100 }), true);
    assert.equal(revoked.isRevoked({ nonce: 'c', expires: 2000 }), false);
    assert.deepEqual(readdirSync(dir), ['admin-logouts.json']);
    assert.equal(statSync(join(dir, 'admin-logouts.json')).mode & 0o777, 0o600);
  });

  it('are forgotten when they would have expired', (t) => {
    const dir = folder(t);
    load(dir).revoke({ nonce: 'old', expires: 2000 }, 1000);
    load(dir).revoke({ nonce: 'new', expires: 3000 }, 2500);
    assert.equal(load(dir).isRevoked({ nonce: 'old', expires: 2000 }), false);
  });

  it('are never too many: those that expire as early as a forgotten one are revoked with it', () => {
    const revoked = revokedSessions();
    for (let i = 0; i <= 10_000; i++) revoked.revoke({ nonce: `n${i}`, expires: 2000 + i }, 1000);
    for (const i of [0, 1, 10_000]) {
      assert.equal(revoked.isRevoked({ nonce: `n${i}`, expires: 2000 + i }), true);
    }
    assert.equal(revoked.isRevoked({ nonce: 'other', expires: 2000 }), true);
    assert.equal(revoked.isRevoked({ nonce: 'other', expires: 2001 }), false);
  });

  it('are all that were ever made, when nobody can tell which', (t) => {
    for (const text of ['', '{', 'null', '[]', '{"endsBefore":0}', '{"endsBefore":0,"sessions":[["a"]]}']) {
      const dir = folder(t);
      writeFileSync(join(dir, 'admin-logouts.json'), text);
      const failures: string[] = [];
      const revoked = load(dir, failures);
      assert.equal(failures.length, 1, text);
      assert.equal(revoked.isRevoked({ nonce: 'a', expires: 4999 }), true, text);
      assert.equal(
        revoked.isRevoked({ nonce: 'a', expires: 5000 }),
        false,
        'those that are made from now on count',
      );
    }
  });

  it('are revoked all the same when that cannot be written', (t) => {
    const dir = join(folder(t), 'file');
    writeFileSync(dir, '');
    chmodSync(dir, 0o600);
    const failures: string[] = [];
    const revoked = loadRevokedSessions({ dir, nextExpiry: 0, failed: (reason) => failures.push(reason) });
    revoked.revoke({ nonce: 'a', expires: 2000 }, 1000);
    assert.equal(revoked.isRevoked({ nonce: 'a', expires: 2000 }), true);
    assert.ok(failures.length > 0);
  });
});
