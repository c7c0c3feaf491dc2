import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

/** What TLS is done with, as PEM text. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

const FILE = 'tls-self-signed.pem';
/** Apple's systems take no certificate for longer, not even one that somebody trusted by hand. */
const VALID_DAYS = 825;
/** A new one is made at a start this close to the end. */
const RENEW_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The certificate that the server made for itself, kept with its key in one file of `dir`, so that who has trusted it
 * need not do so again. Made when there is none, or when it is about to run out. Throws Node's error when `dir`
 * cannot be used.
 */
export async function loadSelfSigned(dir: string, nowMs: number): Promise<TlsIdentity> {
  const file = join(dir, FILE);
  const kept = readKept(file);
  if (kept && Date.parse(new X509Certificate(kept.cert).validTo) - nowMs > RENEW_DAYS * DAY_MS) return kept;
  const made = await makeSelfSigned(nowMs);
  writeWhole(file, made.key + made.cert);
  return made;
}

/** Undefined when there is nothing that can be used: what nobody gave us, we may make anew. */
function readKept(file: string): TlsIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text) ?? [];
  return key && cert ? { key, cert } : undefined;
}

async function makeSelfSigned(nowMs: number): Promise<TlsIdentity> {
  // Only here: it brings much code with it, and is needed at one start in two years.
  const { generate } = await import('selfsigned');
  const host = hostname();
  // What is no plain name cannot stand in a certificate, and nobody would reach us by it.
  const names = ['localhost', ...(/^[A-Za-z0-9.-]{1,63}$/.test(host) && host !== 'localhost' ? [host] : [])];
  const made = await generate([{ name: 'commonName', value: 'Sluice' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs),
    notAfterDate: new Date(nowMs + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2, value }) as const),
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: withNewline(made.private), cert: withNewline(made.cert) };
}

const withNewline = (pem: string): string => `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;
