import type { Stream } from '../../../shared/contract/streams.ts';
import type { StreamRecord } from './admin-state.ts';

export type StreamSort = 'name' | 'viewers' | 'bitrate' | 'newest' | 'trouble';

export type StreamHealth = 'good' | 'warning' | 'failing' | 'silent' | 'starting';

/** One word for the state of a stream. */
export function streamHealth(stream: Stream): StreamHealth {
  if (stream.state === 'interrupted') return 'failing';
  if (stream.state === 'silent') return 'silent';
  if (stream.state === 'starting') return stream.warnings.length > 0 ? 'warning' : 'starting';
  return stream.warnings.length > 0 ? 'warning' : 'good';
}

const troubleRank: Readonly<Record<StreamHealth, number>> = {
  failing: 0,
  silent: 1,
  warning: 2,
  starting: 3,
  good: 4,
};

/** The streams whose name holds every word of the filter, in the wanted order. Equals stay in order of name. */
export function listStreams(
  records: Iterable<StreamRecord>,
  filter: string,
  sort: StreamSort,
): StreamRecord[] {
  const words = filter.toLowerCase().split(/\s+/);
  return [...records]
    .filter(({ stream }) => words.every((word) => stream.name.toLowerCase().includes(word)))
    .sort((a, b) => compare(a.stream, b.stream, sort) || a.stream.name.localeCompare(b.stream.name));
}

function compare(a: Stream, b: Stream, sort: StreamSort): number {
  switch (sort) {
    case 'name':
      return 0;
    case 'viewers':
      return b.viewers.total - a.viewers.total;
    case 'bitrate':
      // In steps, so that rows do not trade places with every flicker.
      return Math.round(b.kbpsIn / 100) - Math.round(a.kbpsIn / 100);
    case 'newest':
      return b.startedAt.localeCompare(a.startedAt);
    case 'trouble':
      return troubleRank[streamHealth(a)] - troubleRank[streamHealth(b)];
    default:
      return sort satisfies never;
  }
}
