import { Icon } from './icon.tsx';

/** Rows of name and value that a viewer can read out to somebody. */
export function StatsOverlay({
  rows,
  onClose,
}: {
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly onClose: () => void;
}) {
  return (
    <aside class="player-panel stats-overlay mono" aria-label="Statistics">
      <PanelClose onClose={onClose} />
      <dl>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}

/** The cross in the corner of a panel. */
export function PanelClose({ onClose }: { readonly onClose: () => void }) {
  return (
    <button type="button" class="control-button panel-close" aria-label="Close" onClick={onClose}>
      <Icon name="close" />
    </button>
  );
}
