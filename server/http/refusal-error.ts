import type { Refusal } from '../../shared/contract/errors.ts';

/** What a 503 says in Retry-After. A restart is over by then, and so is a burst of joins. */
const RETRY_AFTER_SECONDS = 5;

/** What an answer says in Retry-After. Undefined: to ask again is of no use. */
export function retryAfterOf(
  { retryAfterSeconds }: Pick<Refusal, 'retryAfterSeconds'>,
  status: number,
): number | undefined {
  return retryAfterSeconds ?? (status === 503 || status === 429 ? RETRY_AFTER_SECONDS : undefined);
}

/** Thrown while a request is handled: the error handler answers with the refusal's status and sentence. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
