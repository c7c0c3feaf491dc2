import type { Bench } from './bench.ts';

/** The headings of the report. */
export type Chapter =
  | 'publish'
  | 'play over RTMP'
  | 'play over HTTP-FLV'
  | 'refused'
  | 'cut and restart'
  | 'login'
  | 'TLS';

/** One client and one thing it does. */
export interface Trial {
  readonly chapter: Chapter;
  readonly client: string;
  readonly title: string;
  /** Programs, and GStreamer elements written as `gst:NAME`, without which it is left out. */
  readonly needs: readonly string[];
  /** Why the client cannot do this at all, if it cannot. */
  readonly notPossible?: string;
  /** Does it and gives what was seen, in words. Throws if that was not what it should be. */
  run(bench: Bench): Promise<string>;
}

export interface Result {
  readonly trial: Pick<Trial, 'chapter' | 'client' | 'title'>;
  readonly outcome: 'pass' | 'fail' | 'skip';
  readonly observation: string;
}

/** Throws `otherwise` unless `condition` holds. */
export function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
