import type { ReadonlySignal } from '@preact/signals';
import type { PublicStream } from '../../../shared/contract/streams.ts';
import { codecName, sizeLabel } from '../format/codecs.ts';
import { formatPlural } from '../format/numbers.ts';
import { Uptime } from './uptime.tsx';

const words: Readonly<Record<PublicStream['state'], readonly [signal: string, word: string]>> = {
  live: ['good', 'live'],
  starting: ['starting', 'starting'],
  silent: ['silent', 'silent'],
  interrupted: ['failing', 'interrupted'],
};

/** A live stream as anybody may know it. */
export function StreamCard({
  stream,
  href,
  now,
}: {
  readonly stream: PublicStream;
  readonly href: string;
  readonly now: ReadonlySignal<number>;
}) {
  const [signal, word] = words[stream.state];
  const facts = [
    sizeLabel(stream.video),
    stream.video === null ? 'sound only' : codecName(stream.video.codec),
    stream.audio === null ? null : codecName(stream.audio.codec),
  ].filter((fact) => fact !== null);
  return (
    <li>
      <a class="stream-card" href={href}>
        <span class="state-word" data-signal={signal}>
          <span class="state-dot" aria-hidden="true" />
          {word}
        </span>
        <span class="stream-card-name mono">{stream.name}</span>
        <span class="quiet">
          {stream.state === 'starting' ? 'waiting for its first picture' : facts.join(' · ')}
        </span>
        <span class="stream-card-foot quiet">
          <span>{formatPlural(stream.viewers, 'viewer', 'viewers')}</span>
          <Uptime since={stream.startedAt} now={now} />
        </span>
      </a>
    </li>
  );
}
