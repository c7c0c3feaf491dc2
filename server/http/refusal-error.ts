import type { Refusal } from '../../shared/contract/errors.ts';

/** Thrown while a request is handled: the error handler answers with the refusal's status and sentence. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
