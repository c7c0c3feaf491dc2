/**
 * Asks until when the server keeps this browser away from a stream, in milliseconds since 1970 by this machine's clock. Null: it does not,
 * or does not say.
 */
export async function keptOutUntil(mediaPath: string): Promise<number | null> {
  try {
    const { status, headers } = await fetch(mediaPath, { method: 'HEAD', cache: 'no-store' });
    const seconds = Number(headers.get('retry-after'));
    return status === 403 && seconds > 0 ? Date.now() + seconds * 1000 : null;
  } catch {
    return null;
  }
}
