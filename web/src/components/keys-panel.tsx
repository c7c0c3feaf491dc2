import { PanelClose } from './stats-overlay.tsx';

const keys = [
  ['Space', 'play or pause'],
  ['m', 'sound on or off'],
  ['↑ ↓', 'volume'],
  ['f', 'full screen'],
  ['p', 'picture in picture'],
  ['c', 'catch up with live'],
  ['i', 'statistics'],
  ['l', 'links and embed code'],
  ['t', 'tracks, where there are several'],
  ['?', 'these keys'],
  ['Esc', 'close what is open'],
] as const;

/** What each key does. */
export function KeysPanel({ onClose }: { readonly onClose: () => void }) {
  return (
    <aside class="player-panel keys-panel" aria-label="Keys">
      <PanelClose onClose={onClose} />
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
