import { PanelClose } from './stats-overlay.tsx';

export interface TrackMenuProps {
  readonly choices: readonly { readonly id: number; readonly name: string; readonly holds: string }[];
  readonly chosen: number;
  readonly onChoose: (id: number) => void;
  readonly onClose: () => void;
}

/** The tracks of a stream that has several of a kind. */
export function TrackMenu({ choices, chosen, onChoose, onClose }: TrackMenuProps) {
  return (
    <aside class="player-panel track-menu" aria-label="Tracks">
      <PanelClose onClose={onClose} />
      <fieldset>
        <legend>Track</legend>
        {choices.map(({ id, name, holds }) => (
          <label key={id}>
            <input
              type="radio"
              name="track"
              value={id}
              checked={id === chosen}
              onChange={() => onChoose(id)}
            />
            <span>{name}</span>
            <span class="track-menu-holds">{holds}</span>
          </label>
        ))}
      </fieldset>
    </aside>
  );
}
