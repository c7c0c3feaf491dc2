import { ConfigError, quoteValue } from '../config/config-error.ts';
import type { Config } from '../config/schema.ts';
import { loadSelfSigned, type TlsIdentity } from './self-signed.ts';
import { describeCertificate, readTlsFiles, TlsFileWatch } from './tls-files.ts';

/** Two looks have to agree, so a new certificate is in use after 4 s at most. */
const LOOK_EVERY_MS = 2_000;

/** The certificate that a start needs. Throws ConfigError when it cannot be had. */
export async function loadTlsIdentity(
  { tls, data }: Pick<Config, 'tls' | 'data'>,
  nowMs: number,
): Promise<TlsIdentity> {
  if (tls.cert !== '') {
    try {
      return readTlsFiles(tls);
    } catch (error) {
      throw new ConfigError(
        'tls.cert',
        `tls.cert: ${(error as Error).message}; expected two PEM files that belong together.`,
      );
    }
  }
  try {
    return await loadSelfSigned(data.dir, nowMs);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigError(
      'data.dir',
      `data.dir: ${quoteValue(data.dir)} cannot be used (${code}); expected a folder that this user may write to.`,
    );
  }
}

/** Tells of each new certificate that the configured files hold. A self-signed one changes at a start only. */
export function watchTlsFiles(
  { tls }: Pick<Config, 'tls'>,
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void },
  use: (identity: TlsIdentity) => void,
): { close(): void } {
  if (tls.cert === '') return { close: () => {} };
  const watch = new TlsFileWatch(tls, {
    changed: (identity) => {
      use(identity);
      log.info(describeCertificate(identity.cert), 'a new certificate is in use');
    },
    failed: (reason) =>
      log.error({ reason }, 'the new certificate cannot be used; the one before stays in use'),
  });
  const timer = setInterval(() => watch.look(), LOOK_EVERY_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
