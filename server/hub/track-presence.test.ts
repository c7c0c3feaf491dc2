import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defaultTrackMonitorLimits } from './track-monitor.ts';
import { TrackPresence, type TrackState } from './track-presence.ts';

const limits = defaultTrackMonitorLimits.audio;
const { steadyMs, goneMs, maxGoneMs, withdrawnMs } = limits;
const { minMs: pauseMs } = limits.pause;

/** Sound beside pictures at 25 a second, in real time. */
class Scene {
  readonly track = new TrackPresence(limits);
  readonly states: TrackState[] = [];
  nowMs = 0;

  /** Lets pictures come for `ms`, with sound or without. */
  run(ms: number, withSound: boolean): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 40) {
      this.track.otherFrame(this.nowMs, this.nowMs);
      if (withSound) this.track.frame(this.nowMs, this.nowMs);
      this.#note();
    }
    return this;
  }

  #note(): void {
    if (this.states.at(-1) !== this.track.state) this.states.push(this.track.state);
  }
}

/** Sound that has been on for five seconds. */
const playing = (): Scene => {
  const scene = new Scene();
  scene.track.header();
  return scene.run(5_000, true);
};

describe('TrackPresence', () => {
  it('expects what is announced, by metadata or a header, and is present with the first frame', () => {
    const track = new TrackPresence(limits);
    assert.equal(track.state, 'absent');
    track.announce(true);
    assert.equal(track.state, 'expected');
    track.announce(false);
    assert.equal(track.state, 'absent');
    track.header();
    track.announce(false);
    assert.equal(track.state, 'expected', 'a header says more than metadata');
    track.otherFrame(60_000, 60_000);
    assert.equal(track.state, 'expected', 'for as long as it takes');
    track.frame(60_000, 60_000);
    assert.deepEqual([track.state, track.isSteady], ['present', false]);
  });

  it('is believed to stay at once when the tracks are decided, later after a second and a half', () => {
    const first = new TrackPresence(limits);
    first.frame(0, 0);
    first.settle(0);
    assert.equal(first.isSteady, true);
    const late = new Scene().run(5_000, false).run(steadyMs, true);
    assert.equal(late.track.isSteady, false);
    assert.equal(late.run(80, true).track.isSteady, true);
  });

  it('is not deceived by a blip', () => {
    const scene = new Scene().run(5_000, false).run(200, true).run(10_000, false);
    assert.deepEqual([scene.track.state, scene.track.isSteady], ['paused', false]);
  });

  it('pauses, and is back with the next frame, and steady after a while', () => {
    const scene = playing().run(pauseMs + 2_000, false);
    assert.deepEqual([scene.track.state, scene.track.isSteady], ['paused', false]);
    scene.run(80, true);
    assert.deepEqual([scene.track.state, scene.track.isSteady], ['present', false]);
    scene.run(steadyMs, true);
    assert.equal(scene.track.isSteady, true);
  });

  it('is gone after a quarter of a minute, and twice that each time that it returned', () => {
    const scene = playing();
    for (let times = 0; times < 8; times++) {
      const boundMs = Math.min(maxGoneMs, goneMs * 2 ** times);
      scene.run(boundMs - 400, false);
      assert.equal(scene.track.state, 'paused', `${times}`);
      scene.run(1_000, false);
      assert.equal(scene.track.state, 'gone', `${times}`);
      scene.run(steadyMs - 200, true);
      assert.equal(scene.track.state, 'gone', 'until it stays');
      scene.run(20_000, true);
      assert.equal(scene.track.state, 'present');
    }
  });

  it('is gone at once when metadata no longer names it and none of it comes', () => {
    const scene = new Scene();
    scene.track.announce(true);
    scene.run(5_000, true);
    scene.track.announce(false);
    scene.track.announce(false);
    scene.run(withdrawnMs + 80, false);
    assert.equal(scene.track.state, 'gone');
    const goesOn = playing();
    goesOn.track.announce(true);
    goesOn.track.announce(false);
    goesOn.run(3_000, true);
    assert.equal(goesOn.track.state, 'present', 'what comes counts, not what is said');
  });

  it('stays present in blocks of three seconds', () => {
    const scene = new Scene();
    for (let block = 0; block < 20; block++) {
      scene.run(3_000, false);
      for (let at = block * 3_000; at < scene.nowMs; at += 23) scene.track.frame(at, scene.nowMs);
    }
    assert.deepEqual(scene.states, ['absent', 'present']);
  });

  it('misses nothing while the other track does not come either', () => {
    const scene = playing();
    scene.nowMs += 60_000;
    scene.run(400, false);
    assert.equal(scene.track.state, 'present');
    scene.run(200, true);
    assert.equal(scene.track.state, 'present');
  });

  it('misses nothing in a burst of the other track, nor while that one is late itself', () => {
    const { track, nowMs } = playing();
    for (let at = nowMs; at < nowMs + 30_000; at += 40) track.otherFrame(at, nowMs);
    assert.equal(track.state, 'present', 'half a minute of pictures came at once');
    const late = playing();
    for (let at = 0; at < 30_000; at += 40) late.track.otherFrame(late.nowMs, late.nowMs + at);
    assert.equal(late.track.state, 'present', 'pictures came for half a minute, all of one moment');
  });

  it('bears one picture in ten seconds beside sound', () => {
    const track = new TrackPresence(defaultTrackMonitorLimits.video);
    for (let at = 0; at < 120_000; at += 20) {
      if (at % 10_000 === 0) track.frame(at, at);
      track.otherFrame(at, at);
      assert.equal(track.state, 'present');
    }
  });

  it('never ends anybody more often than the doubling of its bound allows, whatever comes', () => {
    const phase = fc.record({ ms: fc.integer({ min: 40, max: 60_000 }), withSound: fc.boolean() });
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 40 }), (phases) => {
        const scene = new Scene();
        for (const { ms, withSound } of phases) scene.run(ms, withSound);
        const times = scene.states.filter((state) => state === 'gone').length;
        let neededMs = 0;
        for (let n = 0; n < times; n++) neededMs += Math.min(maxGoneMs, goneMs * 2 ** n);
        assert.ok(neededMs <= scene.nowMs, `${times} times gone in ${scene.nowMs} ms`);
      }),
    );
  });

  it('takes only the steps that its states allow', () => {
    const allowed: Record<TrackState, readonly TrackState[]> = {
      absent: ['expected', 'present'],
      expected: ['absent', 'present'],
      present: ['paused', 'gone'],
      paused: ['present', 'gone'],
      gone: ['present'],
    };
    const step = fc.oneof(
      fc.record({ what: fc.constantFrom('frame', 'other'), waitMs: fc.integer({ min: 0, max: 9_000 }) }),
      fc.constantFrom(
        { what: 'header', waitMs: 0 },
        { what: 'announce', waitMs: 0 },
        { what: 'withdraw', waitMs: 0 },
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const track = new TrackPresence(limits);
        let nowMs = 0;
        for (const { what, waitMs } of steps) {
          nowMs += waitMs;
          const { state } = track;
          if (what === 'frame') track.frame(nowMs, nowMs);
          else if (what === 'other') track.otherFrame(nowMs, nowMs);
          else if (what === 'header') track.header();
          else track.announce(what === 'announce');
          if (track.state !== state)
            assert.ok(allowed[state].includes(track.state), `${state} to ${track.state}`);
          if (track.isSteady) assert.equal(track.state, 'present');
        }
      }),
    );
  });
});
