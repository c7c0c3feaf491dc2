import { randomBytes } from 'node:crypto';

/** A short random id: the same in every log line of a connection, in the API and in the dashboard. */
export const newConnectionId = (): string => randomBytes(6).toString('base64url');
