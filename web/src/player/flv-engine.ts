import FlvJs from 'flv.js';
import { loaderClassFor } from './byte-loader.ts';
import type { EngineInit, PlayerEngine } from './player-engine.ts';

FlvJs.LoggingControl.enableAll = false;

/**
 * H.264 with AAC or MP3. The worker stays off (it dies with "Class extends value undefined"), so does the stash,
 * which costs about a second of delay. `deferLoadAfterSourceOpen` would wait for ever in a background tab.
 */
export function createEngine(init: EngineInit): PlayerEngine {
  const player = FlvJs.createPlayer(
    { type: 'flv', isLive: true, url: 'sluice:' },
    {
      enableWorker: false,
      enableStashBuffer: false,
      lazyLoad: false,
      deferLoadAfterSourceOpen: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 30,
      autoCleanupMinBackwardDuration: 15,
      customLoader: loaderClassFor(init.source),
    },
  );
  player.on(FlvJs.Events.ERROR, (_type: string, detail: string, info: { msg?: string } | undefined) => {
    init.onFailed(info?.msg ?? detail);
  });
  player.attachMediaElement(init.video);
  player.load();
  return { name: 'flv.js', destroy: () => player.destroy() };
}
