/** Every delay of the player, in one place. */
export const playerTimes = {
  /** An engine that shows nothing this long after it got its first chance is thrown away. */
  startMs: 4000,
  /** While the engine's own code is still being fetched the server is not to blame. */
  loadMs: 15_000,
  /** flv.js says nothing at all when a server goes silent: nothing new for this long means start over. */
  watchdogMs: 4000,
  /** The first picture came, and nobody knows when the second one is due. */
  firstIntervalMs: 15_000,
  /** Nothing at all for so long is no slow line, which brings something all the time. Frames of live streams come each 20 to 100 ms. */
  nothingComesMs: 300,
  /** A picture that stands this long at least, while sound goes on, is worth a word. */
  pictureStillMs: 3000,
  /** Sound in blocks comes this often at least, to count as going on. */
  soundRunsMs: 5000,
  /** The first answer to a request over HTTP may have to wait for another player's connection to end. */
  crowdedMs: 30_000,
  /** After the publisher came back the old engine gets this long to show it can follow. */
  resumeMs: 1500,
  /** After a standstill a new connection proves itself by bringing something for this long: its first piece may be the old pictures. */
  provenMs: 500,
  /** A status channel that is lost this soon after the end of a stream went with the server. */
  endAndLossMs: 3000,
  /** Gaps of this length, more than once, are not what a line is like but what the encoder does. */
  piecesMs: 1500,
  /** Short hiccups are not worth a word. */
  bufferingMs: 400,
  /** A player that ran this long earns an immediate first retry. */
  steadyMs: 5000,
  /** Longer between two ticks than this: the tab slept, so missing progress proves nothing. */
  sleepMs: 1000,
  /** Behind the start, jumps to the live edge come sooner. */
  settleMs: 1500,
  /** "Ended" turns into "not live" after this long. */
  endedMs: 30_000,
  /** A paused or hidden player that has piled up this many seconds lets go of its connection. */
  parkSeconds: 20,
  backoff: { firstMs: 500, capMs: 5000 },
  /** Asking again for a stream that is not live, while no status channel would tell. */
  poll: { firstMs: 1000, capMs: 5000 },
  /** A stream that comes without a picture to begin with is opened anew after this long: the next one may lie in the server's cache. */
  hopelessStartMs: 60_000,
  /** Data that can never be played is asked for again, but rarely. */
  hopelessMs: 15_000,
} as const;

/** Engines that failed in a row without one frame before the player says so. */
export const mediaFailuresUntilError = 4;
