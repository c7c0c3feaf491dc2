import { codecName } from '../format/codecs.ts';
import { formatBitrate, formatBytes, formatSeconds } from '../format/numbers.ts';
import type { PlayerStatus } from '../player/player.ts';
import type { MeterReading } from '../player/stats-meter.ts';

/** What the statistics overlay shows, in the order support will ask for it. */
export function statsRows(status: PlayerStatus, reading: MeterReading): (readonly [string, string])[] {
  const { view, stats } = status;
  const bitrate = formatBitrate(reading.kbps);
  const received = formatBytes(stats.receivedBytes);
  return [
    ['state', view.state],
    ['behind live', view.latency === null ? '–' : `${view.latency.toFixed(2)} s`],
    ['of it in the line', view.lineSeconds === null ? '–' : `${view.lineSeconds.toFixed(2)} s`],
    ['size', stats.width === 0 ? '–' : `${stats.width}×${stats.height}`],
    ['frame rate', `${formatSeconds(reading.framesPerSecond)} fps`],
    ['bitrate', `${bitrate.value} ${bitrate.unit}`],
    ['picture', stats.tracks?.video == null ? 'none' : codecName(stats.tracks.video)],
    ['sound', stats.tracks?.audio == null ? 'none' : codecName(stats.tracks.audio)],
    ['dropped', `${stats.dropped} of ${stats.frames} frames`],
    ['speed', `${stats.rate.toFixed(2)}×`],
    ['received', `${received.value} ${received.unit}`],
    ['engine', `${stats.engine ?? '–'} over ${stats.transport === 'ws' ? 'WebSocket' : 'HTTP'}`],
    ['first picture', stats.firstFrameMs === null ? '–' : `${Math.round(stats.firstFrameMs)} ms`],
    ['this start', stats.startMs === null ? '–' : `${Math.round(stats.startMs)} ms`],
    ['opened', `${stats.opened}×`],
  ];
}
