import { useSignal } from '@preact/signals';
import { SessionPanel } from '../parts/session-panel.tsx';
import type { AdminStore } from '../state/admin-store.ts';

type Role = 'all' | 'publisher' | 'viewer';

const roles: readonly (readonly [Role, string])[] = [
  ['all', 'All'],
  ['publisher', 'Publishers'],
  ['viewer', 'Viewers'],
];

/** /admin/sessions: everybody who is connected. */
export function SessionsPage({ store }: { readonly store: AdminStore }) {
  const role = useSignal<Role>('all');
  return (
    <section aria-labelledby="sessions-title">
      <div class="section-head">
        <h1 id="sessions-title" class="section-title">
          Sessions
        </h1>
        <fieldset class="segments" aria-label="Role">
          {roles.map(([value, label]) => (
            <button
              key={value}
              type="button"
              class="button plain"
              aria-pressed={role.value === value}
              onClick={() => {
                role.value = value;
              }}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
      <SessionPanel
        key={role.value}
        role={role.value === 'all' ? undefined : role.value}
        kickPause={store.state.value.server?.kickPause ?? null}
        emptyText="Nobody is connected."
      />
    </section>
  );
}
