import FlvJs from 'flv.js';
import { loaderClassFor } from './byte-loader.ts';
import { failOnce } from './engine-failure.ts';
import { releasePictures } from './engine-pictures.ts';
import type { EngineInit, PlayerEngine } from './player-engine.ts';
import { tapMediaSource } from './source-tap.ts';

FlvJs.LoggingControl.enableAll = false;

/**
 * H.264 with AAC or MP3. The worker stays off (it dies with "Class extends value undefined"), so does the stash,
 * which costs about a second of delay. `deferLoadAfterSourceOpen` would wait for ever in a background tab.
 */
export function createEngine(init: EngineInit): PlayerEngine {
  const fail = failOnce(init);
  const player = FlvJs.createPlayer(
    { type: 'flv', isLive: true, url: 'sluice:' },
    {
      enableWorker: false,
      enableStashBuffer: false,
      lazyLoad: false,
      deferLoadAfterSourceOpen: false,
      // It would cut in the middle of a group of pictures, and take those on screen with it.
      autoCleanupSourceBuffer: false,
      customLoader: loaderClassFor(init.source, fail),
    },
  );
  player.on(FlvJs.Events.ERROR, (_type: string, detail: string, info: { msg?: string } | undefined) => {
    fail(info?.msg ?? detail);
  });
  tapMediaSource(() => player.attachMediaElement(init.video), init.onBuffer);
  player.load();
  return {
    name: 'flv.js',
    releasePictures: () => releasePictures(player, ['_transmuxer', '_controller']),
    destroy: () => player.destroy(),
  };
}
