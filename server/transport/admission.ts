import type { Refusal } from '../../shared/contract/errors.ts';
import type { Peer } from '../hub/snapshot.ts';

/** Somebody wants to publish or play. `query` is what stood behind the `?`: secret, for the decision alone. */
export interface AdmissionRequest {
  readonly action: 'publish' | 'play';
  readonly stream: string;
  readonly peer: Peer;
  readonly query: ReadonlyMap<string, string>;
}

/** The one place that decides who may publish and play. It may take its time; undefined lets the request in. */
export type Admission = (request: AdmissionRequest) => Promise<Refusal | undefined> | Refusal | undefined;
