import { ByteSource, type ByteSourceListener } from './byte-source.ts';

/** Media over HTTP, for networks that do not let WebSockets through. */
export function openHttpSource(url: string, listener: ByteSourceListener): ByteSource {
  const source = new ByteSource(listener, () => performance.now());
  const abort = new AbortController();
  source.onCancel(() => abort.abort());
  void run(url, source, abort.signal);
  return source;
}

async function run(url: string, source: ByteSource, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(url, { signal, cache: 'no-store' });
    const refusal = await refusalOf(response);
    if (refusal !== null || response.body === null) {
      source.refuse(refusal?.httpStatus ?? null, refusal?.message ?? null);
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
    return (await refusalOf(response)) ?? { httpStatus: response.status, message: null };
  } catch {
    return { httpStatus: null, message: null };
  } finally {
    abort.abort();
  }
}

/** What a server says that has pages at this address, and no stream. */
const notMediaStatus = 415;

/** Null: the answer is media. */
async function refusalOf(response: Response): Promise<ProbeAnswer | null> {
  if (!response.ok) return { httpStatus: response.status, message: await errorMessage(response) };
  const type = response.headers.get('content-type') ?? '';
  if (!/^(text|application\/json)/i.test(type)) return null;
  return { httpStatus: notMediaStatus, message: 'There is a page at this address and no stream.' };
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
