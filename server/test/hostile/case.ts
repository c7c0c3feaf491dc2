import { fromHex } from '../../../shared/bytes/hex.ts';

/**
 * What becomes of it: the protocol error that ends the connection, the refusal that does, or `idle`: it is stood, and ends when it
 * has done nothing useful for too long.
 */
export type Outcome = { readonly error: string } | { readonly refusal: string } | 'idle';

export interface HostileCase {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly outcome: Outcome;
}

/** What is sent, as bytes or in hexadecimal, by what it is. */
export type Inputs = Readonly<Record<string, string | Uint8Array>>;

const cases =
  (outcome: Outcome) =>
  (inputs: Inputs): HostileCase[] =>
    Object.entries(inputs).map(([name, input]) => ({
      name,
      bytes: typeof input === 'string' ? fromHex(input) : input,
      outcome,
    }));

/** Cases that break the protocol, by the code of the error. */
export const breaks = (error: string, inputs: Inputs): HostileCase[] => cases({ error })(inputs);

/** Cases that are refused, by the code of the refusal. */
export const isRefused = (refusal: string, inputs: Inputs): HostileCase[] => cases({ refusal })(inputs);

/** Cases that change nothing. */
export const isStood: (inputs: Inputs) => HostileCase[] = cases('idle');
