import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { ConfigError } from '../config/config-error.ts';
import { type AdminAuth, createAdminAuth, isStrongToken, SESSION_SECONDS } from './admin-auth.ts';
import { loadAdminToken } from './admin-token.ts';

const address = '10.0.0.9';

function loggedIn(auth: AdminAuth): string {
  const result = auth.login({ address, token: auth.token });
  assert(result.ok);
  return result.session;
}

const bySession = (auth: AdminAuth, session: string) =>
  auth.check({ address, session, authorization: undefined }).ok;
const byHeader = (auth: AdminAuth, authorization: string) =>
  auth.check({ address, session: undefined, authorization });

describe('admin auth', () => {
  it('takes the token as bearer and nothing else', () => {
    const auth = createAdminAuth('right', new ManualClock());
    assert.deepEqual(byHeader(auth, 'Bearer right'), { ok: true, by: 'bearer' });
    for (const wrong of ['Bearer wrong', 'Bearer', 'Bearer ', 'Basic right', 'right', '', 'Bearer right x']) {
      assert.deepEqual(byHeader(auth, wrong), { ok: false, code: 'unauthorized' }, wrong);
    }
  });

  it('gives a session that lasts a week, then expires', () => {
    const clock = new ManualClock();
    const auth = createAdminAuth('right', clock);
    const session = loggedIn(auth);
    clock.advance(SESSION_SECONDS * 1000 - 1000);
    assert(bySession(auth, session));
    clock.advance(1001);
    assert(!bySession(auth, session));
  });

  it('keeps sessions over a restart, and ends them when the token changes', () => {
    const clock = new ManualClock();
    const session = loggedIn(createAdminAuth('right', clock));
    assert(bySession(createAdminAuth('right', clock), session));
    assert(!bySession(createAdminAuth('new', clock), session));
  });

  it('refuses a session that was changed or made up', () => {
    const auth = createAdminAuth('right', new ManualClock());
    const [expires, nonce, signature] = loggedIn(auth).split('.');
    for (const forged of [
      `${Number(expires) + 1}.${nonce}.${signature}`,
      `${expires}.${nonce}x.${signature}`,
      `${expires}.${nonce}.`,
      `${expires}.${nonce}`,
      `${expires}.${nonce}.${signature}.x`,
      '',
      '..',
    ]) {
      assert(!bySession(auth, forged), forged);
    }
  });

  it('ends one session on logout and leaves the others', () => {
    const auth = createAdminAuth('right', new ManualClock());
    const [one, two] = [loggedIn(auth), loggedIn(auth)];
    auth.logout(one);
    auth.logout('nonsense');
    assert(!bySession(auth, one));
    assert(bySession(auth, two));
  });

  it('turns an address away after 10 wrong tokens in a minute, even with the right one, and no other', () => {
    const clock = new ManualClock();
    const auth = createAdminAuth('right', clock);
    const session = loggedIn(auth);
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(auth.login({ address, token: 'wrong' }), { ok: false, code: 'unauthorized' });
      assert.deepEqual(byHeader(auth, 'Bearer wrong'), { ok: false, code: 'unauthorized' });
    }
    assert.deepEqual(auth.login({ address, token: 'right' }), { ok: false, code: 'too-many-logins' });
    assert.deepEqual(byHeader(auth, 'Bearer right'), { ok: false, code: 'too-many-logins' });
    assert(auth.login({ address: '10.0.0.10', token: 'right' }).ok);
    assert(bySession(auth, session), 'who is logged in stays so');
    clock.advance(60_000);
    assert(auth.login({ address, token: 'right' }).ok);
  });

  it('counts an IPv6 network as one address', () => {
    const auth = createAdminAuth('right', new ManualClock());
    const from = (host: number) => auth.login({ address: `2001:db8:1:2::${host}`, token: 'wrong' });
    for (let host = 1; host <= 10; host++) assert.deepEqual(from(host), { ok: false, code: 'unauthorized' });
    assert.deepEqual(from(11), { ok: false, code: 'too-many-logins' });
    assert(auth.login({ address: '2001:db8:1:3::1', token: 'right' }).ok);
  });

  it('never refuses a token that nobody can guess for wrong ones of others at the same address', () => {
    const token = 'Vd3nT0q9xLw2_sYb7-kRfJmZ';
    const auth = createAdminAuth(token, new ManualClock());
    for (let i = 0; i < 20; i++) auth.login({ address, token: 'wrong' });
    assert.deepEqual(auth.login({ address, token: 'wrong' }), { ok: false, code: 'too-many-logins' });
    assert(auth.login({ address, token }).ok);
    assert.deepEqual(byHeader(auth, `Bearer ${token}`), { ok: true, by: 'bearer' });
    assert.equal(isStrongToken('a'.repeat(30)), false, 'long is not enough');
  });

  it('takes what it printed at the start for ten minutes, wrong tokens or not, and never again', () => {
    const clock = new ManualClock();
    const auth = createAdminAuth('right', clock);
    for (let i = 0; i < 20; i++) auth.login({ address, token: 'wrong' });
    clock.advance(599_000);
    const login = auth.login({ address, token: auth.startCode });
    assert(login.ok);
    clock.advance(61_000);
    assert.deepEqual(auth.login({ address, token: auth.startCode }), { ok: false, code: 'unauthorized' });
    assert(bySession(auth, login.session), 'the session goes on');
    assert.notEqual(createAdminAuth('right', clock).startCode, auth.startCode);
  });
});

describe('the admin token', () => {
  const inFolder = (use: (dir: string) => void) => {
    const dir = mkdtempSync(join(tmpdir(), 'sluice-token-'));
    try {
      use(dir);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };
  const load = (dir: string, token = '') => loadAdminToken({ admin: { token }, data: { dir } });

  it('is made on first start in a file that only its owner reads, and kept', () =>
    inFolder((parent) => {
      const dir = join(parent, 'new', 'data');
      const token = load(dir);
      assert.match(token, /^[\w-]{32}$/);
      assert.equal(statSync(join(dir, 'admin-token')).mode & 0o777, 0o600);
      assert.equal(readFileSync(join(dir, 'admin-token'), 'utf8').trim(), token);
      assert.equal(load(dir), token);
    }));

  it('is the configured one when there is one, and then nothing is written', () =>
    inFolder((dir) => {
      assert.equal(load(join(dir, 'data'), 'mine'), 'mine');
      assert.throws(() => statSync(join(dir, 'data')));
    }));

  it('stops the start when its file is damaged', () =>
    inFolder((dir) => {
      writeFileSync(join(dir, 'admin-token'), 'two words\n');
      assert.throws(() => load(dir), ConfigError);
    }));

  it('is made anew when its file is empty, as a full disk leaves it, and nothing else is left in the folder', () =>
    inFolder((dir) => {
      writeFileSync(join(dir, 'admin-token'), '');
      const token = load(dir);
      assert.match(token, /^[\w-]{32}$/);
      assert.equal(load(dir), token);
      assert.deepEqual(readdirSync(dir), ['admin-token']);
    }));

  it('is not written through a link that somebody has put in its place', () =>
    inFolder((dir) => {
      const elsewhere = join(dir, 'elsewhere');
      writeFileSync(elsewhere, '');
      symlinkSync(elsewhere, join(dir, 'admin-token'));
      load(dir);
      assert.equal(readFileSync(elsewhere, 'utf8'), '');
    }));

  it('stops the start when the folder cannot be made', () =>
    inFolder((dir) => {
      writeFileSync(join(dir, 'file'), '');
      assert.throws(() => load(join(dir, 'file', 'data')), /data\.dir.*ENOTDIR.*expected a folder/);
    }));
});
