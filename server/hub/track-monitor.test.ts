import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import { defaultTrackMonitorLimits, TrackMonitor } from './track-monitor.ts';

const avc: VideoTrackInfo = {
  codec: 'avc',
  codecString: null,
  profile: null,
  level: null,
  width: 640,
  height: 360,
};
const aac: AudioTrackInfo = {
  codec: 'aac',
  codecString: null,
  profile: null,
  sampleRate: 44_100,
  channels: 2,
};
/** Frames of one track at the pace that encoders have, up to and with `toMs`. */
function frames(monitor: TrackMonitor, kind: 'audio' | 'video', fromMs: number, toMs: number): void {
  for (let at = fromMs; at < toMs; at += 40) monitor.frame(kind, at);
  monitor.frame(kind, toMs);
}

const { settleMs, audioStopMs, videoStopMs } = defaultTrackMonitorLimits;

describe('TrackMonitor', () => {
  it('decides at once when both tracks are known', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    assert.equal(monitor.update(0), false);
    assert.equal(monitor.tracks, undefined);
    monitor.describeAudio(aac, 5);
    assert.equal(monitor.update(5), true);
    assert.deepEqual(monitor.tracks, { audio: true, video: true });
  });

  it('waits a second for a second track, then goes without it', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 100);
    assert.equal(monitor.update(100 + settleMs - 1), false);
    assert.equal(monitor.update(100 + settleMs), true);
    assert.deepEqual(monitor.tracks, { audio: false, video: true });
  });

  it('does not wait for a track that metadata does not announce', () => {
    const monitor = new TrackMonitor();
    monitor.announce({ audio: false, video: true });
    monitor.describeVideo(avc, 0);
    assert.equal(monitor.update(0), true);
    assert.deepEqual(monitor.tracks, { audio: false, video: true });
  });

  it('does not wait for ever for a track that metadata announces and nobody sends', () => {
    const monitor = new TrackMonitor();
    monitor.announce({ audio: true, video: true });
    monitor.describeVideo(avc, 0);
    assert.equal(monitor.update(0), false);
    assert.equal(monitor.update(settleMs), true);
    assert.deepEqual(monitor.missing, { audio: true, video: false });
  });

  it('sees a track that comes late', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    monitor.update(settleMs);
    monitor.describeAudio(aac, 5_000);
    monitor.frame('video', 5_000);
    monitor.frame('audio', 5_000);
    assert.equal(monitor.update(5_000), true);
    assert.deepEqual(monitor.tracks, { audio: true, video: true });
  });

  it('sees sound that stops while the picture goes on, and sees it return', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    monitor.describeAudio(aac, 0);
    monitor.update(0);
    frames(monitor, 'video', 0, 1_000);
    frames(monitor, 'audio', 0, 1_000);
    frames(monitor, 'video', 1_000, 1_000 + audioStopMs - 1);
    assert.equal(monitor.update(0), false);
    monitor.frame('video', 1_000 + audioStopMs);
    assert.equal(monitor.update(0), true);
    assert.deepEqual(monitor.tracks, { audio: false, video: true });
    monitor.frame('audio', 1_000 + audioStopMs);
    assert.equal(monitor.update(0), true);
    assert.deepEqual(monitor.tracks, { audio: true, video: true });
  });

  it('bears pictures that are rare', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    monitor.describeAudio(aac, 0);
    monitor.update(0);
    frames(monitor, 'audio', 0, videoStopMs - 1);
    assert.equal(monitor.update(0), false);
    monitor.frame('audio', videoStopMs);
    assert.equal(monitor.update(0), true);
    assert.deepEqual(monitor.tracks, { audio: true, video: false });
  });

  it('sees a header without a single frame behind it for the ghost it is', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    monitor.describeAudio(aac, 0);
    monitor.update(0);
    for (let at = 0; at <= audioStopMs; at += 40) monitor.frame('video', at);
    assert.equal(monitor.update(audioStopMs), true);
    assert.deepEqual(monitor.tracks, { audio: false, video: true });
  });

  it('knows nothing of a new publisher, and does not hold the past silence against it', () => {
    const monitor = new TrackMonitor();
    monitor.describeVideo(avc, 0);
    monitor.announce({ audio: false, video: true });
    monitor.frame('video', 60_000);
    monitor.update(0);
    monitor.restart();
    assert.equal(monitor.tracks, undefined);
    monitor.describeVideo(avc, 0);
    monitor.describeAudio(aac, 0);
    assert.equal(monitor.update(0), true);
    assert.deepEqual(monitor.tracks, { audio: true, video: true });
  });
});
