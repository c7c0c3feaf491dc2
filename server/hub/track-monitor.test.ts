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
const { settleMs, expectedMs } = defaultTrackMonitorLimits;
const both = { audio: true, video: true };
const pictures = { audio: false, video: true };
const told = { video: 'avc', audio: 'aac' };

/** A monitor, and frames in real time. */
class Scene {
  readonly monitor = new TrackMonitor();
  nowMs = 0;

  run(ms: number, tracks: { readonly audio: boolean; readonly video: boolean }): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 40) {
      if (tracks.video) this.monitor.frame('video', this.nowMs, this.nowMs);
      if (tracks.audio) this.monitor.frame('audio', this.nowMs, this.nowMs);
      this.monitor.update(this.nowMs);
    }
    return this;
  }

  get canGoOn(): boolean {
    return this.monitor.canGoOn(undefined, told);
  }
}

function known(): Scene {
  const scene = new Scene();
  scene.monitor.describeVideo(avc, 0);
  scene.monitor.describeAudio(aac, 0);
  return scene;
}

describe('TrackMonitor: what newcomers are told', () => {
  it('is decided when both tracks are known', () => {
    const { monitor } = new Scene();
    monitor.describeVideo(avc, 0);
    monitor.update(0);
    assert.equal(monitor.tracks, undefined);
    monitor.describeAudio(aac, 5);
    monitor.update(5);
    assert.deepEqual(monitor.tracks, both);
    assert.deepEqual(monitor.codecsOf(undefined), told);
  });

  it('is one track when the other is not announced and does not come within a second', () => {
    const { monitor } = new Scene();
    monitor.describeVideo(avc, 100);
    monitor.update(100 + settleMs - 1);
    assert.equal(monitor.tracks, undefined);
    monitor.update(100 + settleMs);
    assert.deepEqual(monitor.tracks, pictures);
  });

  it('is one track at once when metadata says that there is no other', () => {
    const { monitor } = new Scene();
    monitor.announce(pictures);
    monitor.describeVideo(avc, 0);
    monitor.update(0);
    assert.deepEqual(monitor.tracks, pictures);
  });

  it('waits four seconds for a track that metadata announces: a block of sound may be three away', () => {
    const { monitor } = new Scene();
    monitor.announce(both);
    monitor.describeVideo(avc, 0);
    monitor.frame('video', 0, 0);
    monitor.update(expectedMs - 1);
    assert.equal(monitor.tracks, undefined);
    monitor.update(expectedMs);
    assert.deepEqual(monitor.tracks, pictures);
    assert.equal(monitor.presence('audio').state, 'expected');
  });

  it('does not wait where the timeline of what came at once shows that there is no other track', () => {
    const { monitor } = new Scene();
    monitor.announce(both);
    monitor.describeVideo(avc, 0);
    for (let at = 0; at <= expectedMs; at += 40) monitor.frame('video', at, 7);
    monitor.update(7);
    assert.deepEqual(monitor.tracks, pictures);
  });

  it('is found out for a header with no frame behind it: it is no track, and who was told of it is ended', () => {
    const scene = known().run(expectedMs - 400, pictures);
    assert.deepEqual(scene.monitor.tracks, both);
    assert.ok(scene.canGoOn);
    scene.run(800, pictures);
    assert.deepEqual(scene.monitor.tracks, pictures);
    assert.equal(scene.canGoOn, false);
    assert.equal(scene.monitor.presence('audio').state, 'expected');
    scene.run(3_000, both);
    assert.deepEqual(scene.monitor.tracks, both);
  });

  it('bears a first block of sound after three seconds', () => {
    const scene = known().run(3_000, pictures);
    for (let at = 0; at < 3_000; at += 23) scene.monitor.frame('audio', at, scene.nowMs);
    scene.run(2_800, pictures);
    assert.deepEqual(scene.monitor.tracks, both);
    assert.ok(scene.canGoOn);
  });

  it('leaves out a track that has paused, and names it again when it stays', () => {
    const scene = known().run(5_000, both).run(3_000, pictures);
    assert.deepEqual(scene.monitor.tracks, pictures);
    scene.run(400, both);
    assert.deepEqual(scene.monitor.tracks, pictures);
    scene.run(2_000, both);
    assert.deepEqual(scene.monitor.tracks, both);
  });

  it('is never nothing', () => {
    const scene = known().run(5_000, both).run(6_000, pictures);
    scene.run(7_000, { audio: true, video: false }).run(200, pictures);
    assert.notDeepEqual(scene.monitor.tracks, { audio: false, video: false });
  });
});

describe('TrackMonitor: who watches', () => {
  it('stays through every pause of the sound, and is ended when it has gone', () => {
    const scene = known().run(5_000, both);
    for (let pause = 0; pause < 5; pause++) {
      for (let second = 0; second < 12; second++) assert.ok(scene.run(1_000, pictures).canGoOn);
      assert.ok(scene.run(5_000, both).canGoOn);
    }
    scene.run(16_000, pictures);
    assert.equal(scene.canGoOn, false);
    assert.equal(scene.monitor.has('audio'), false);
  });

  it('stays without pictures for as long as there is sound', () => {
    const scene = known().run(5_000, both);
    assert.ok(scene.run(120_000, { audio: true, video: false }).canGoOn);
    assert.equal(scene.monitor.presence('video').state, 'gone');
  });

  it('is ended for a track that he was not told of once that stays, and not for a blip', () => {
    const onlyPictures = { video: 'avc', audio: null };
    const scene = new Scene();
    scene.monitor.describeVideo(avc, 0);
    scene.run(5_000, pictures);
    scene.monitor.describeAudio(aac, 0);
    scene.run(200, both).run(5_000, pictures);
    assert.ok(scene.monitor.canGoOn(undefined, onlyPictures));
    scene.run(2_000, both);
    assert.equal(scene.monitor.canGoOn(undefined, onlyPictures), false);
  });

  it('is ended by another codec of a track that he has, and not by another size', () => {
    const scene = known().run(1_000, both);
    scene.monitor.describeVideo({ ...avc, width: 1280 }, scene.nowMs);
    assert.ok(scene.canGoOn);
    scene.monitor.describeAudio({ ...aac, codec: 'mp3' }, scene.nowMs);
    assert.equal(scene.canGoOn, false);
    assert.ok(scene.monitor.canGoOn(undefined, { video: 'avc', audio: 'mp3' }));
  });

  it('is ended when the next publisher has not got a track that he was told of', () => {
    const scene = known().run(1_000, both);
    scene.monitor.restart();
    assert.equal(scene.monitor.tracks, undefined);
    assert.equal(scene.monitor.signature, undefined);
    scene.monitor.describeVideo(avc, 0);
    scene.run(1_200, pictures);
    assert.equal(scene.canGoOn, false);
  });
});

describe('TrackMonitor: the description', () => {
  it('has the state of each track, and changes its signature with it', () => {
    const scene = known().run(5_000, both);
    const states = () =>
      scene.monitor.all(scene.nowMs).map(({ kind, id, state }) => `${kind} ${id} ${state}`);
    const { signature } = scene.monitor;
    assert.deepEqual(states(), ['video 0 present', 'audio 0 present']);
    scene.run(3_000, pictures);
    assert.deepEqual(states(), ['video 0 present', 'audio 0 paused']);
    assert.notEqual(scene.monitor.signature, signature);
    scene.run(20_000, pictures);
    assert.deepEqual(states(), ['video 0 present', 'audio 0 gone']);
    scene.run(3_000, both);
    assert.equal(scene.monitor.signature, signature);
  });

  it('knows whether further tracks come', () => {
    const { monitor } = known();
    monitor.describeOther({ kind: 'audio', id: 1, info: aac }, 0);
    monitor.otherFrame('audio', 1, 3_000);
    const stateAt = (nowMs: number) => monitor.all(nowMs).find(({ id }) => id === 1)?.state;
    assert.equal(stateAt(7_900), 'present');
    assert.equal(stateAt(8_000), 'paused');
  });
});
