import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Panel, PlayerActions } from '../components/player-controls.tsx';
import { type FocusedControl, type PlayerKey, playerKey } from '../input/player-key.ts';
import type { Player } from '../player/player.ts';

const volumeStep = 0.1;

/** The player's keys, for as long as the component is on the page. */
export function usePlayerKeys(
  root: { readonly current: HTMLElement | null },
  actions: PlayerActions,
  player: Player,
  panel: Signal<Panel>,
): void {
  useEffect(() => {
    const act = actionsByKey(actions, player, panel);
    const onKey = (event: KeyboardEvent) => {
      const key = playerKey(event, focusedControl(event.target));
      if (key === undefined || (key === 'close' && panel.value === null)) return;
      event.preventDefault();
      act[key]();
    };
    const element = root.current;
    document.addEventListener('keydown', onKey);
    element?.addEventListener('mousedown', keepFocus);
    return () => {
      document.removeEventListener('keydown', onKey);
      element?.removeEventListener('mousedown', keepFocus);
    };
  }, [root, actions, player, panel]);
}

function actionsByKey(
  actions: PlayerActions,
  player: Player,
  panel: Signal<Panel>,
): Readonly<Record<PlayerKey, () => void>> {
  return {
    'toggle-play': actions.togglePlay,
    'toggle-mute': actions.toggleMute,
    'toggle-fullscreen': actions.toggleFullscreen,
    'toggle-picture-in-picture': actions.togglePictureInPicture,
    'catch-up': actions.catchUp,
    'toggle-stats': actions.toggleStats,
    'toggle-tracks': actions.toggleTracks,
    'toggle-share': actions.toggleShare,
    'toggle-help': actions.toggleHelp,
    louder: () => actions.setVolume(player.video.volume + volumeStep),
    quieter: () => actions.setVolume(player.video.volume - volumeStep),
    close: () => {
      panel.value = null;
    },
  };
}

/** A button that the mouse pressed must not answer to Space afterwards, so the mouse gives it no focus. */
function keepFocus(event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.target.closest('button') === null) return;
  event.preventDefault();
  // The focus of a frame comes with the click, too.
  if (!document.hasFocus()) window.focus();
}

function focusedControl(target: EventTarget | null): FocusedControl {
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return 'slider';
    if (target.type === 'radio' || target.type === 'checkbox') return 'choice';
    return target.readOnly ? 'none' : 'text';
  }
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return 'text';
  if (target instanceof HTMLElement && target.isContentEditable) return 'text';
  return target instanceof HTMLButtonElement && target.matches(':focus-visible') ? 'button' : 'none';
}
