import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PlayerActions } from '../components/player-controls.tsx';
import type { Player } from '../player/player.ts';
import type { Panel } from './live-player.tsx';

const volumeStep = 0.1;

/** The player's keys, for as long as the component is on the page. */
export function usePlayerKeys(actions: PlayerActions, player: Player, panel: Signal<Panel>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = keyAction(event, actions, player, panel);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [actions, player, panel]);
}

function keyAction(
  event: KeyboardEvent,
  actions: PlayerActions,
  player: Player,
  panel: Signal<Panel>,
): (() => void) | undefined {
  switch (event.key) {
    case ' ':
    case 'k':
      // A focused button answers to Space itself.
      return event.target instanceof HTMLButtonElement ? undefined : actions.togglePlay;
    case 'm':
      return actions.toggleMute;
    case 'f':
      return actions.toggleFullscreen;
    case 'p':
      return actions.togglePictureInPicture;
    case 'c':
      return () => player.catchUp();
    case 'i':
      return actions.toggleStats;
    case 't':
      return actions.toggleTracks;
    case 'l':
      return actions.toggleShare;
    case '?':
      return actions.toggleHelp;
    case 'ArrowUp':
      return () => actions.setVolume(player.video.volume + volumeStep);
    case 'ArrowDown':
      return () => actions.setVolume(player.video.volume - volumeStep);
    case 'Escape':
      return panel.value === null
        ? undefined
        : () => {
            panel.value = null;
          };
    default:
      return undefined;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== 'checkbox')
  );
}
