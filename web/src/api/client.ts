import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import type { SessionPage } from '../../../shared/contract/sessions.ts';

/** A refusal of the server, or a server that cannot be reached (`status` 0). The message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface SessionQuery {
  readonly stream?: string | undefined;
  readonly role?: 'publisher' | 'viewer' | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Exchanges the admin token for a cookie. */
export async function login(token: string): Promise<void> {
  await call('POST', '/api/v1/login', { token });
}

export async function logout(): Promise<void> {
  await call('POST', '/api/v1/logout', {});
}

/** The server's own account of itself, and how far its clock is ahead of this one. */
export async function getServer(): Promise<{ server: ServerInfo; clockAheadMs: number }> {
  const response = await call('GET', '/api/v1/server');
  const date = Date.parse(response.headers.get('date') ?? '');
  const server = (await response.json()) as ServerInfo;
  return { server, clockAheadMs: Number.isNaN(date) ? 0 : date - Date.now() };
}

export async function getSessions(query: SessionQuery): Promise<SessionPage> {
  const search = new URLSearchParams({ limit: String(query.limit), offset: String(query.offset) });
  if (query.stream !== undefined) search.set('stream', query.stream);
  if (query.role !== undefined) search.set('role', query.role);
  const response = await call('GET', `/api/v1/sessions?${search}`);
  return (await response.json()) as SessionPage;
}

/** Ends the publisher of a stream and all its viewers. */
export async function kickStream(name: string): Promise<void> {
  await call('DELETE', `/api/v1/streams/${encodeURIComponent(name)}`);
}

export async function kickSession(id: string): Promise<void> {
  await call('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`);
}

/** Asks an encoder to connect again; it goes on until it does. */
export async function reconnectSession(id: string): Promise<void> {
  await call('POST', `/api/v1/sessions/${encodeURIComponent(id)}/reconnect`);
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'unreachable', 'The server does not answer.');
  }
  if (response.ok) return response;
  throw await refusalOf(response);
}

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string } };
    const { code = 'unknown', message } = body.error ?? {};
    if (message !== undefined) return new ApiError(response.status, code, message);
  } catch {
    // Not JSON: an answer of something between here and the server.
  }
  return new ApiError(response.status, 'unknown', `The server answered with status ${response.status}.`);
}
