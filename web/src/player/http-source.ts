import { ByteSource, type ByteSourceListener } from './byte-source.ts';

/** Media over HTTP, for networks that do not let WebSockets through. */
export function openHttpSource(url: string, listener: ByteSourceListener): ByteSource {
  const source = new ByteSource(listener);
  const abort = new AbortController();
  source.onCancel(() => abort.abort());
  void run(url, source, abort.signal);
  return source;
}

async function run(url: string, source: ByteSource, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(url, { signal, cache: 'no-store' });
    if (!response.ok || response.body === null) {
      source.refuse(response.status, await errorMessage(response));
      return;
    }
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      source.push(value.slice().buffer);
    }
    source.finish('clean');
  } catch {
    source.finish('dropped');
  }
}

/** What a refusal was about: a WebSocket cannot say, so the same address is asked once over HTTP. */
export interface ProbeAnswer {
  readonly httpStatus: number | null;
  readonly message: string | null;
}

/** Asks what the server has to say about the address, without reading the media. */
export async function probe(url: string): Promise<ProbeAnswer> {
  const abort = new AbortController();
  try {
    const response = await fetch(url, { signal: abort.signal, cache: 'no-store' });
    const message = response.ok ? null : await errorMessage(response);
    return { httpStatus: response.status, message };
  } catch {
    return { httpStatus: null, message: null };
  } finally {
    abort.abort();
  }
}

/** The sentence of the server's error body, if it has one. */
async function errorMessage(response: Response): Promise<string | null> {
  try {
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('error' in body)) return null;
    const { error } = body;
    if (typeof error !== 'object' || error === null || !('message' in error)) return null;
    return typeof error.message === 'string' ? error.message : null;
  } catch {
    return null;
  }
}
