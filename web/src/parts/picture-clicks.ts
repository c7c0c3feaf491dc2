import { useEffect, useMemo } from 'preact/hooks';
import type { PlayerActions } from '../components/player-controls.tsx';
import { PictureClicks } from '../input/picture-clicks.ts';

/** Listeners for the picture: one click holds it, two are full screen. */
export function usePictureClicks(actions: Pick<PlayerActions, 'togglePlay' | 'toggleFullscreen'>) {
  const listeners = useMemo(() => {
    const clicks = new PictureClicks({
      togglePlay: () => actions.togglePlay(),
      toggleFullscreen: () => actions.toggleFullscreen(),
      after: (ms, then) => {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
    });
    return {
      clicks,
      click(event: MouseEvent) {
        // A finger brings the controls; only a mouse holds the picture.
        if (!(event instanceof PointerEvent) || event.pointerType !== 'touch') clicks.click(event.detail);
      },
      doubleClick: () => clicks.doubleClick(),
    };
  }, [actions]);
  useEffect(() => () => listeners.clicks.close(), [listeners]);
  return listeners;
}
