import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsIdentity } from './self-signed.ts';

/** Where certificate and key lie. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
}

/** Reads both files and makes sure that they can be used, and together. Throws a plain sentence if not. */
export function readTlsFiles(paths: TlsPaths): TlsIdentity {
  const identity = { cert: readText(paths.cert), key: readText(paths.key) };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw new Error(`${paths.cert} and ${paths.key} do not make a certificate and its key: ${reason(error)}`);
  }
  return identity;
}

/** Who a certificate is for and until when, for the log. */
export function describeCertificate(cert: string): { names: string; validTo: string; fingerprint: string } {
  const { subject, subjectAltName, validTo, fingerprint256 } = new X509Certificate(cert);
  return {
    names: subjectAltName ?? subject.replaceAll('\n', ', '),
    validTo: new Date(validTo).toISOString(),
    fingerprint: fingerprint256,
  };
}

/**
 * Notices that the files of a certificate have changed. Looks at what the paths lead to rather than listening for
 * events, because tools that renew certificates move links, and events of a link's target reach nobody.
 */
export class TlsFileWatch {
  readonly #paths: TlsPaths;
  readonly #changed: (identity: TlsIdentity) => void;
  readonly #failed: (reason: string) => void;
  #judged: string;
  #seen: string;

  constructor(paths: TlsPaths, told: { changed(identity: TlsIdentity): void; failed(reason: string): void }) {
    this.#paths = paths;
    this.#changed = told.changed;
    this.#failed = told.failed;
    this.#judged = this.#seen = this.#stamp();
  }

  /**
   * Looks once. Files that changed are read when they were the same at two looks: one of the two may still be on
   * its way. What cannot be used is told once, and the old certificate stays.
   */
  look(): void {
    const stamp = this.#stamp();
    const isSettled = stamp === this.#seen;
    this.#seen = stamp;
    if (!isSettled || stamp === this.#judged) return;
    this.#judged = stamp;
    try {
      this.#changed(readTlsFiles(this.#paths));
    } catch (error) {
      this.#failed(reason(error));
    }
  }

  #stamp(): string {
    return [this.#paths.cert, this.#paths.key].map(stampOf).join(' ');
  }
}

/** Differs when the content may. A path that leads nowhere, or in a circle, has its error for a stamp. */
function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`;
  } catch (error) {
    return reason(error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? reason(error)})`);
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
