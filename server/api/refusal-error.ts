import { type Refusal, type RefusalCode, refuse } from '../../shared/contract/errors.ts';

/** Thrown by a route: the error handler answers with the refusal's status and sentence. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(code: RefusalCode, values: Readonly<Record<string, string | number>> = {}) {
    const refusal = refuse(code, values);
    super(refusal.message);
    this.refusal = refusal;
  }
}
