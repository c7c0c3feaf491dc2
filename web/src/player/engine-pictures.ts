/** A coded picture as the remuxer of either engine keeps it. The names are theirs, of the versions in package.json. */
interface KeptSample {
  readonly length: number;
}

interface VideoQueue {
  samples: KeptSample[];
  length: number;
}

interface Remuxer {
  _videoStashedLastSample: KeptSample | null;
  _videoNextDts: number | undefined;
  _remuxVideo(track: VideoQueue, force: boolean): void;
}

/**
 * Makes an engine give out the pictures that it keeps back. Both keep one or two until the next ones come, to know how long
 * each lasts: at a picture in six seconds that is a delay of twelve, in which the sound stands still. Nobody asks for this
 * while pictures come often. `path` leads from the engine to its controller, which holds demuxer and remuxer; where
 * these look otherwise than expected nothing is done. Gives the number of pictures, which arrive a moment later.
 */
export function releasePictures(engine: unknown, path: readonly string[]): number {
  const controller = path.reduce(read, engine);
  const remuxer = read(controller, '_remuxer');
  const queue = read(read(controller, '_demuxer'), '_videoTrack');
  if (!isRemuxer(remuxer) || !isQueue(queue)) return 0;
  const kept = queue.samples.length + (remuxer._videoStashedLastSample === null ? 0 : 1);
  // At most two rounds: in the first one the last picture is kept back again.
  for (let round = 0; round < 2; round++) {
    const stashed = remuxer._videoStashedLastSample;
    if (stashed !== null) {
      remuxer._videoStashedLastSample = null;
      queue.samples.unshift(stashed);
      queue.length += stashed.length;
    }
    if (queue.samples.length === 0) break;
    remuxer._videoNextDts = undefined;
    remuxer._remuxVideo(queue, true);
  }
  // Else the next picture would be moved to where this one was guessed to end.
  remuxer._videoNextDts = undefined;
  return kept;
}

function read(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined;
}

function isRemuxer(value: unknown): value is Remuxer {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_videoStashedLastSample' in value &&
    '_videoNextDts' in value &&
    typeof read(value, '_remuxVideo') === 'function'
  );
}

function isQueue(value: unknown): value is VideoQueue {
  return Array.isArray(read(value, 'samples')) && typeof read(value, 'length') === 'number';
}
