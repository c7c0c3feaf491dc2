import type { ReadonlySignal } from '@preact/signals';
import type { Session } from '../../../shared/contract/sessions.ts';
import { type KickPause, kickConsequence } from '../format/consequences.ts';
import { formatBytes, formatCount } from '../format/numbers.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { Figure } from './figure.tsx';
import { Uptime } from './uptime.tsx';

export interface SessionTableProps {
  readonly sessions: readonly Session[];
  readonly now: ReadonlySignal<number>;
  /** Null: all sessions are of one stream, which the page names already. */
  readonly streamHref: ((name: string) => string) | null;
  /** Null: not known yet. */
  readonly kickPause: KickPause | null;
  readonly onReconnect: (session: Session) => Promise<void>;
  readonly onKick: (session: Session) => Promise<void>;
}

/** Who publishes and who watches. */
export function SessionTable({ sessions, streamHref, ...rest }: SessionTableProps) {
  return (
    <section class="table-scroll" aria-label="Table of sessions">
      <table class="sessions">
        <thead>
          <tr>
            <th scope="col">Role</th>
            {streamHref !== null && <th scope="col">Stream</th>}
            <th scope="col">Address</th>
            <th scope="col">Program</th>
            <th scope="col" class="number">
              For
            </th>
            <th scope="col" class="number">
              Media
            </th>
            <th scope="col" class="number">
              Waiting
            </th>
            <th scope="col" class="number">
              Dropped
            </th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} streamHref={streamHref} {...rest} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const roleWords: Readonly<Record<Session['role'], string>> = {
  publisher: 'publisher',
  viewer: 'viewer',
  preview: 'Preview (operator)',
};

type SessionRowProps = Omit<SessionTableProps, 'sessions'> & { readonly session: Session };

function SessionRow(props: SessionRowProps) {
  const { session, now, streamHref, kickPause, onReconnect, onKick } = props;
  const isPublisher = session.role === 'publisher';
  const dropped = session.droppedVideo + session.droppedAudio;
  return (
    <tr data-session={session.id} data-role={session.role}>
      <td class="role">
        {roleWords[session.role]} <span class="unit">{session.protocol}</span>
      </td>
      {streamHref !== null && (
        <td class="stream">
          <a class="mono" href={streamHref(session.stream)} title={session.stream}>
            {session.stream}
          </a>
        </td>
      )}
      <td class="mono address" title={session.address}>
        {session.address}
      </td>
      <td class="agent" title={session.userAgent ?? undefined}>
        {session.program ?? session.userAgent ?? '–'}
      </td>
      <td class="number">
        <Uptime since={session.since} now={now} />
      </td>
      <td class="number">
        <Figure figure={formatBytes(isPublisher ? session.bytesIn : session.bytesOut)} />
      </td>
      <td class={session.queuedBytes === 0 ? 'number nothing' : 'number'} data-label="waiting">
        {session.queuedBytes === 0 ? '–' : <Figure figure={formatBytes(session.queuedBytes)} />}
      </td>
      <td class={dropped === 0 ? 'number nothing' : 'number'} data-label="dropped">
        {dropped === 0 ? '–' : formatCount(dropped)}
      </td>
      <td class="actions">
        {session.canReconnect && (
          <ConfirmButton
            icon="retry"
            label="Reconnect"
            consequence={`Ask the encoder at ${session.address} to connect again`}
            action="Ask it"
            onConfirm={() => onReconnect(session)}
          />
        )}
        <ConfirmButton
          icon="close"
          label="Kick"
          consequence={kickConsequence(session, kickPause)}
          action="Disconnect"
          onConfirm={() => onKick(session)}
        />
      </td>
    </tr>
  );
}
