import { refuse } from '../../shared/contract/errors.ts';
import { parseStreamName } from '../../shared/media/stream-name.ts';
import { RefusalError } from '../http/refusal-error.ts';

/** The stream that a parameter, already percent-decoded by the router, names, or a refusal that says what is wrong. */
export function requireStreamName(text: string): string {
  const parsed = parseStreamName({ app: '', name: text });
  if (!parsed.ok) throw new RefusalError(refuse('name-invalid', { reason: parsed.reason }));
  return parsed.name;
}
