import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { isOpenToAll, secretFiles } from './secret-files.ts';

it('A file that holds a secret is for its owner, or a group', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'admin-token');
  assert.equal(isOpenToAll(file), false, 'one that is not there');
  writeFileSync(file, 'x');
  for (const [mode, open] of [
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o666, true],
  ] as const) {
    chmodSync(file, mode);
    assert.equal(isOpenToAll(file), open, mode.toString(8));
  }
  assert.ok(secretFiles({ data: { dir }, tls: { cert: '', key: '/k.pem' } }).includes('/k.pem'));
});
