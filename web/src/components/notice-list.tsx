import type { ReadonlySignal } from '@preact/signals';
import type { Notice } from '../../../shared/contract/live-feed.ts';
import { Ago } from './uptime.tsx';

const signals: Readonly<Record<Notice['kind'], string>> = {
  connecting: 'off',
  published: 'good',
  resumed: 'good',
  ended: 'off',
  interrupted: 'warning',
  refused: 'failing',
  dropped: 'failing',
  failed: 'failing',
};

const words: Readonly<Record<Notice['kind'], string>> = {
  connecting: 'connecting',
  published: 'on air',
  resumed: 'back',
  ended: 'ended',
  interrupted: 'interrupted',
  refused: 'refused',
  dropped: 'dropped',
  failed: 'failed',
};

/** What happened lately, newest first. */
export function NoticeList({
  notices,
  now,
}: {
  readonly notices: readonly Notice[];
  readonly now: ReadonlySignal<number>;
}) {
  return (
    <ol class="notices">
      {notices.map((notice) => (
        <li key={notice.id}>
          <span class="state-word" data-signal={signals[notice.kind]}>
            <span class="state-dot" aria-hidden="true" />
            {words[notice.kind]}
          </span>
          <span class="notice-ago quiet">
            <Ago since={notice.at} now={now} />
          </span>
          <span class="notice-message">{notice.message}</span>
        </li>
      ))}
    </ol>
  );
}
