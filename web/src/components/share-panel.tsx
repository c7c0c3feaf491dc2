import { CopyField } from './copy-field.tsx';
import { PanelClose } from './stats-overlay.tsx';

export interface ShareLink {
  readonly label: string;
  readonly text: string;
}

/** The addresses of a stream, to be copied. */
export function SharePanel({
  links,
  onClose,
}: {
  readonly links: readonly ShareLink[];
  readonly onClose: () => void;
}) {
  return (
    <aside class="player-panel share-panel" aria-label="Share">
      <PanelClose onClose={onClose} />
      {links.map((link) => (
        <CopyField key={link.label} label={link.label} text={link.text} />
      ))}
    </aside>
  );
}
