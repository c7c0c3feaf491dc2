// RTMP 1.0 section 7.2.2.1 counts start and duration in seconds: -2 live or recorded, -1 live only. Flash, librtmp and FFmpeg
// write both a thousandfold: -2000, -1000, milliseconds.

const MS_PER_SECOND = 1000;

/**
 * For how long a player asked to play, if that can be told. The start names the unit of both, as long as it is one of those
 * that mean live. With a position as start the unit is anybody's guess, and a wrong one would cut a play a thousand times
 * too early. 0 asks for a single picture of a recording, and any other value for no limit.
 */
export function playDurationMs(start: number | undefined, duration: number | undefined): number | undefined {
  if (
    start === undefined ||
    duration === undefined ||
    !(duration > 0 && duration < Number.POSITIVE_INFINITY)
  ) {
    return undefined;
  }
  if (start === -1 || start === -2) return duration * MS_PER_SECOND;
  if (start === -1 * MS_PER_SECOND || start === -2 * MS_PER_SECOND) return duration;
  return undefined;
}
