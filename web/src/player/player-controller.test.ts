import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Arrivals } from './arrival-watch.ts';
import type { MediaSample } from './media-sample.ts';
import { PlayerController } from './player-controller.ts';
import type { FeedStatus, PlayerCommand, PlayerEvent, SourceEnd, Transport } from './player-state.ts';
import { aSample, aTrack, someArrivals } from './test-facts.ts';

const tickMs = 200;

/** A controller with a manual clock and a picture that plays for as long as the test says. */
class Rig {
  readonly controller = new PlayerController(() => 0);
  nowMs = 1000;
  open = false;
  opened = 0;
  rate = 1;
  seeks: number[] = [];
  commands: PlayerCommand[] = [];
  sample: MediaSample | null = null;
  /** What the connection has brought; null where the test is not about it. */
  arrivals: Arrivals | null = null;
  transport: Transport = 'ws';

  tick(): PlayerCommand[] {
    const { sample, arrivals, transport } = this;
    return this.send({ type: 'tick', seen: { sample, arrivals, transport } });
  }

  send(event: PlayerEvent): PlayerCommand[] {
    const commands = this.controller.handle(event, this.nowMs);
    for (const command of commands) this.#obey(command);
    this.commands.push(...commands);
    return commands;
  }

  /** Time passes; while `playing` the picture moves and data comes. */
  run(ms: number, playing: boolean): void {
    for (let past = 0; past < ms; past += tickMs) {
      this.nowMs += tickMs;
      if (playing && this.sample !== null) this.#advance(this.sample);
      this.tick();
    }
  }

  feed(status: FeedStatus, since?: string): void {
    this.send({ type: 'feed', status, since });
  }

  /** The server answers, the engine starts, the picture moves. */
  answer(ms = 400): void {
    this.send({ type: 'first-byte' });
    this.sample = aSample({ currentTime: 0, ranges: [{ start: 0, end: 0.5 }], frames: 0 });
    this.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
    this.run(ms, true);
  }

  patch(patch: Partial<MediaSample>): void {
    assert.ok(this.sample !== null);
    this.sample = { ...this.sample, ...patch };
  }

  get state(): string {
    return this.controller.view(this.nowMs).state;
  }

  get retryInMs(): number | null {
    return this.controller.view(this.nowMs).retryInMs;
  }

  get reason(): string | null {
    return this.controller.view(this.nowMs).reason;
  }

  #advance(sample: MediaSample): void {
    const last = sample.ranges.at(-1) ?? { start: 0, end: 0 };
    this.sample = {
      ...sample,
      currentTime: sample.currentTime + (tickMs / 1000) * this.rate,
      frames: sample.frames + 6,
      ranges: [{ start: last.start, end: last.end + tickMs / 1000 }],
    };
  }

  #obey(command: PlayerCommand): void {
    switch (command.type) {
      case 'open':
        assert.ok(!this.open, 'a source is opened while another one is open');
        this.open = true;
        this.opened += 1;
        this.rate = 1;
        this.sample = null;
        break;
      case 'close':
        this.open = false;
        this.sample = null;
        break;
      case 'rate':
        this.rate = command.rate;
        break;
      case 'seek':
        this.seeks.push(command.to);
        if (this.sample !== null) this.sample = { ...this.sample, currentTime: command.to };
        break;
      default:
    }
  }

  /** The transport ended the bytes: what a real source does before it tells. */
  refuse(httpStatus: number | null, message: string | null = null): void {
    this.send({ type: 'refused', httpStatus, message });
  }
}

function started(feed: FeedStatus = 'unknown'): Rig {
  const rig = new Rig();
  rig.send({ type: 'start' });
  if (feed !== 'unknown') rig.feed(feed, 'first');
  return rig;
}

function playing(ms = 6000): Rig {
  const rig = started('live');
  rig.answer(ms);
  assert.equal(rig.state, 'live');
  return rig;
}

test('the media is asked for at once, without waiting for the feed', () => {
  const rig = started();
  assert.equal(rig.opened, 1);
  assert.equal(rig.state, 'connecting');
});

test('the first moving picture makes it live', () => {
  const rig = started();
  rig.answer();
  assert.equal(rig.state, 'live');
  assert.ok(rig.commands.some((command) => command.type === 'play'));
});

test('a 404 means offline, and without a feed it is asked again after 1 s and then more rarely', () => {
  const rig = started();
  rig.refuse(404);
  assert.equal(rig.state, 'offline');
  const gaps: number[] = [];
  for (let i = 0; i < 5; i++) {
    const since = rig.nowMs;
    while (!rig.open) rig.run(tickMs, false);
    gaps.push(rig.nowMs - since);
    rig.refuse(404);
  }
  assert.deepEqual(gaps, [1000, 2000, 4000, 5000, 5000]);
});

test('with a feed that says the stream is not there nobody asks again until it says otherwise', () => {
  const rig = started('gone');
  rig.refuse(null);
  rig.run(60_000, false);
  assert.equal(rig.opened, 1);
  assert.equal(rig.state, 'offline');
  rig.feed('live');
  assert.equal(rig.opened, 2);
});

test('the page says offline as soon as the feed does, before the refusal is there', () => {
  assert.equal(started('gone').state, 'offline');
});

test('a stream that only starts is opened too, and its first picture may take its time', () => {
  const rig = started('gone');
  rig.refuse(404);
  rig.feed('starting');
  assert.equal(rig.opened, 2);
  rig.run(20_000, false);
  assert.equal(rig.opened, 2);
  assert.equal(rig.reason, 'waiting-for-picture');
});

test('the end of a stream is drawn as ended and turns into offline after a while', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'ended' });
  rig.feed('gone');
  assert.equal(rig.state, 'ended');
  rig.run(29_000, false);
  assert.equal(rig.state, 'ended');
  rig.run(2000, false);
  assert.equal(rig.state, 'offline');
  assert.equal(rig.opened, 1);
});

test('a publisher that comes back after the end is opened in the same moment', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'ended' });
  rig.feed('gone');
  rig.run(3000, false);
  rig.feed('live', 'second');
  assert.equal(rig.opened, 2);
});

test('news of the next publish that came before the end of the last one is not lost', () => {
  const rig = playing();
  rig.feed('live', 'second');
  rig.send({ type: 'source-ended', how: 'ended' });
  rig.run(1200, false);
  assert.equal(rig.opened, 2);
});

test('a clean end over HTTP is asked about at once, and a 404 then means ended', () => {
  const rig = started();
  rig.answer(6000);
  rig.send({ type: 'source-ended', how: 'clean' });
  assert.equal(rig.opened, 2);
  rig.refuse(404);
  assert.equal(rig.state, 'ended');
});

test('changed tracks are followed without a pause', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'tracks-changed' });
  assert.equal(rig.opened, 2);
  assert.equal(rig.state, 'reconnecting');
  rig.answer();
  assert.equal(rig.state, 'live');
});

test('a dropped socket is opened again at once and then with growing pauses that are counted down', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'dropped' });
  assert.equal(rig.opened, 2);
  assert.equal(rig.state, 'reconnecting');
  const pauses: (number | null)[] = [];
  for (let i = 0; i < 5; i++) {
    rig.refuse(null);
    pauses.push(rig.retryInMs);
    while (!rig.open) rig.run(tickMs, false);
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 5000]);
});

test('the countdown counts', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'draining' });
  assert.equal(rig.reason, 'server-restarting');
  assert.equal(rig.retryInMs, 500);
  rig.run(200, false);
  assert.equal(rig.retryInMs, 300);
});

test('a connection that plays for a moment and breaks again does not spin', () => {
  const rig = started('live');
  rig.answer(400);
  for (let i = 0; i < 20; i++) {
    rig.send({ type: 'source-ended', how: 'dropped' });
    while (!rig.open) rig.run(tickMs, false);
    rig.answer(400);
  }
  assert.ok(rig.nowMs > 60_000, `20 breaks took only ${rig.nowMs} ms`);
});

test('the feed cuts a pause short when the stream is live again', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'draining' });
  rig.refuse(null);
  rig.feed('unknown');
  rig.run(400, false);
  const before = rig.opened;
  rig.feed('live', 'second');
  assert.equal(rig.opened, before + 1);
});

test('a server that came back without the stream is waited on, not knocked at', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'dropped' });
  rig.feed('unknown');
  rig.refuse(null);
  rig.feed('gone');
  assert.equal(rig.state, 'offline');
  const before = rig.opened;
  rig.run(30_000, false);
  assert.equal(rig.opened, before);
});

test('a server that goes silent is noticed by the watchdog after 4 s', () => {
  const rig = playing();
  rig.run(600, false);
  assert.equal(rig.state, 'buffering');
  rig.run(3200, false);
  assert.equal(rig.opened, 1);
  rig.run(400, false);
  assert.equal(rig.opened, 2);
  assert.equal(rig.state, 'reconnecting');
});

test('a short hiccup is buffering for as long as it lasts and nothing more', () => {
  const rig = playing();
  rig.run(1000, false);
  assert.equal(rig.state, 'buffering');
  rig.run(200, true);
  assert.equal(rig.state, 'live');
  assert.equal(rig.opened, 1);
});

test('an engine that never shows anything is thrown away after 4 s', () => {
  const rig = started();
  rig.send({ type: 'first-byte' });
  rig.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
  rig.run(3800, false);
  assert.equal(rig.opened, 1);
  rig.run(400, false);
  assert.equal(rig.opened, 2);
});

test('a WebSocket that stays open without a byte is given up by the start timer', () => {
  const rig = started('live');
  rig.run(4200, false);
  assert.equal(rig.opened, 2);
});

test('an engine whose code is still on its way gets more time', () => {
  const rig = started('live');
  rig.send({ type: 'first-byte' });
  rig.run(12_000, false);
  assert.equal(rig.opened, 1);
});

test('an engine error starts over, and several in a row are shown as what they are', () => {
  const rig = playing();
  rig.send({ type: 'engine-failed', message: 'MediaMSEError' });
  assert.equal(rig.opened, 2);
  for (let i = 0; i < 3; i++) {
    rig.send({ type: 'first-byte' });
    rig.send({ type: 'engine-failed', message: 'MediaMSEError' });
    if (i < 2) while (!rig.open) rig.run(tickMs, false);
  }
  assert.equal(rig.state, 'error');
  assert.equal(rig.reason, 'media');
  rig.run(15_200, false);
  assert.ok(rig.open, 'it is tried again after a long pause');
});

test('what no engine can play is named and left alone until something else is published', () => {
  const rig = started('live');
  rig.send({ type: 'first-byte' });
  rig.send({ type: 'unsupported', message: 'The picture is H.265.' });
  assert.equal(rig.state, 'unsupported');
  rig.run(60_000, false);
  assert.equal(rig.opened, 1);
  rig.feed('gone');
  rig.feed('live', 'second');
  assert.equal(rig.opened, 2);
});

test('a refusal that waiting does not heal is shown with its sentence', () => {
  const rig = started();
  rig.refuse(400, 'The stream name cannot be used.');
  assert.equal(rig.state, 'error');
  assert.equal(rig.controller.view(rig.nowMs).message, 'The stream name cannot be used.');
  rig.send({ type: 'retry' });
  assert.equal(rig.opened, 2);
});

test('a full server is asked again', () => {
  const rig = started('live');
  rig.refuse(503, 'Too many connections.');
  rig.run(1200, false);
  assert.ok(rig.opened >= 2);
});

test('a kicked viewer is not let back in by itself', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'kicked' });
  assert.equal(rig.state, 'error');
  rig.run(60_000, false);
  assert.equal(rig.opened, 1);
});

test('a stream that the operator ended is ended, and its next publish is shown', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'kicked' });
  rig.feed('gone');
  assert.equal(rig.state, 'ended');
  rig.feed('live', 'second');
  assert.equal(rig.opened, 2);
});

test('a publisher whose line dropped is waited for on the same connection', () => {
  const rig = playing();
  rig.feed('interrupted', 'first');
  rig.run(10_000, false);
  assert.equal(rig.state, 'reconnecting');
  assert.equal(rig.reason, 'publisher-interrupted');
  assert.equal(rig.opened, 1);
  rig.feed('live', 'first');
  rig.run(400, true);
  assert.equal(rig.state, 'live');
  assert.equal(rig.opened, 1);
});

test('a publisher who is connected and sends nothing is waited for on the same connection', () => {
  const rig = playing();
  rig.feed('silent', 'first');
  rig.run(60_000, false);
  assert.equal(rig.state, 'reconnecting');
  assert.equal(rig.reason, 'publisher-silent');
  assert.equal(rig.opened, 1);
  rig.feed('live', 'first');
  rig.run(400, true);
  assert.equal(rig.state, 'live');
  assert.equal(rig.opened, 1);
});

test('an engine that does not follow a publisher who came back is replaced within 2 s', () => {
  const rig = playing();
  rig.feed('interrupted', 'first');
  rig.run(8000, false);
  rig.feed('live', 'first');
  rig.run(1600, false);
  assert.equal(rig.opened, 2);
});

test('a stream that is gone and runs out of data without an end is ended, not reconnected', () => {
  const rig = playing();
  rig.feed('gone');
  rig.run(2000, false);
  assert.equal(rig.state, 'ended');
  assert.equal(rig.opened, 1);
});

test('five seconds without the network are caught up within ten', () => {
  const rig = playing();
  rig.run(3000, false);
  const last = rig.sample?.ranges[0];
  assert.ok(last !== undefined);
  rig.patch({ ranges: [{ start: last.start, end: last.end + 5 }] });
  rig.run(10_000, true);
  const latency = rig.controller.view(rig.nowMs).latency;
  assert.ok(latency !== null && latency < 1, `${latency} s behind`);
  assert.equal(rig.opened, 1);
});

test('a tab that slept is not taken for a dead server', () => {
  const rig = playing();
  rig.nowMs += 60_000;
  rig.tick();
  assert.equal(rig.opened, 1);
  rig.run(400, true);
  assert.equal(rig.state, 'live');
});

test('a hidden tab draws no frames: time that moves is enough', () => {
  const rig = playing();
  rig.send({ type: 'visibility', visible: false });
  for (let i = 0; i < 60; i++) {
    const { currentTime, ranges } = rig.sample ?? assert.fail();
    rig.patch({
      currentTime: currentTime + 0.2,
      ranges: ranges.map((range) => ({ ...range, end: range.end + 0.2 })),
    });
    rig.nowMs += tickMs;
    rig.tick();
  }
  assert.equal(rig.opened, 1);
});

test('coming back to a tab jumps to the live edge', () => {
  const rig = playing();
  rig.send({ type: 'visibility', visible: false });
  const { currentTime } = rig.sample ?? assert.fail();
  rig.patch({ ranges: [{ start: 0, end: currentTime + 2.5 }] });
  const before = rig.seeks.length;
  rig.send({ type: 'visibility', visible: true });
  rig.run(200, true);
  assert.equal(rig.seeks.length, before + 1);
});

test('a picture that the browser paused is started again when the tab is seen', () => {
  const rig = playing();
  rig.send({ type: 'visibility', visible: false });
  assert.deepEqual(rig.send({ type: 'visibility', visible: true }), [{ type: 'play' }]);
});

test('a hole in the timeline is jumped', () => {
  const rig = playing();
  const { currentTime } = rig.sample ?? assert.fail();
  rig.patch({ readyState: 2, ranges: [{ start: currentTime + 0.3, end: currentTime + 2 }] });
  rig.run(200, false);
  assert.equal(rig.seeks.at(-1)?.toFixed(2), (currentTime + 0.31).toFixed(2));
});

test('pause holds the picture without alarm, and play goes on at the live edge', () => {
  const rig = playing();
  rig.send({ type: 'user-pause' });
  rig.run(8000, false);
  assert.equal(rig.opened, 1);
  assert.equal(rig.controller.view(rig.nowMs).paused, true);
  rig.patch({ ranges: [{ start: 0, end: 20 }] });
  rig.run(200, false);
  const commands = rig.send({ type: 'user-play' });
  assert.deepEqual(commands, [{ type: 'seek', to: 20 - 0.45 }, { type: 'play' }]);
});

test('a long pause lets go of the connection, and play opens a new one', () => {
  const rig = playing();
  rig.send({ type: 'user-pause' });
  const { currentTime } = rig.sample ?? assert.fail();
  rig.patch({ ranges: [{ start: 0, end: currentTime + 21 }] });
  rig.run(200, false);
  assert.equal(rig.open, false);
  rig.send({ type: 'user-play' });
  assert.equal(rig.opened, 2);
});

test('a page opened with autoplay off waits for its first click', () => {
  const rig = new Rig();
  rig.send({ type: 'user-pause' });
  rig.feed('live');
  rig.run(5000, false);
  assert.equal(rig.opened, 0);
  rig.send({ type: 'user-play' });
  assert.equal(rig.opened, 1);
});

test('autoplay that the browser blocks waits for a click instead of starting over', () => {
  const rig = started('live');
  rig.send({ type: 'first-byte' });
  rig.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
  rig.send({ type: 'play-blocked' });
  rig.run(20_000, false);
  assert.equal(rig.opened, 1);
  assert.equal(rig.controller.view(rig.nowMs).blocked, true);
  rig.send({ type: 'user-play' });
  assert.equal(rig.controller.view(rig.nowMs).blocked, false);
});

test('sound without a picture is live when its time moves', () => {
  const rig = started('live');
  rig.send({ type: 'first-byte' });
  rig.send({ type: 'engine-ready', hasVideo: false, leftOut: null });
  rig.sample = aSample({ currentTime: 0, ranges: [{ start: 0, end: 1 }], frames: 0 });
  rig.run(200, false);
  rig.patch({ currentTime: 0.2 });
  rig.run(200, false);
  assert.equal(rig.state, 'live');
});

test('catch up goes to the live edge', () => {
  const rig = playing();
  rig.patch({ currentTime: 5, ranges: [{ start: 0, end: 7 }] });
  rig.tick();
  assert.deepEqual(rig.send({ type: 'catch-up' }), [{ type: 'seek', to: 7 - 0.45 }]);
});

test('another track is opened at once, and the last picture stays meanwhile', () => {
  const rig = playing();
  assert.deepEqual(rig.send({ type: 'track-chosen' }), [{ type: 'close' }, { type: 'open' }]);
  assert.equal(rig.controller.view(rig.nowMs).hasPicture, true);
  rig.answer();
  assert.equal(rig.state, 'live');
});

test('a server that is stopping and says so to who asks again is restarting still', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'draining' });
  for (const answer of [503, 503, null, null, 503, null]) {
    while (!rig.open) rig.run(tickMs, false);
    rig.refuse(answer);
    assert.deepEqual([rig.state, rig.reason], ['reconnecting', 'server-restarting']);
  }
  while (!rig.open) rig.run(tickMs, false);
  rig.answer();
  assert.equal(rig.state, 'live');
});

test('another track may be one that can be played', () => {
  const rig = started('live');
  rig.send({ type: 'unsupported', message: 'AV1' });
  assert.equal(rig.state, 'unsupported');
  assert.deepEqual(rig.send({ type: 'track-chosen' }), [{ type: 'open' }]);
});

test('a track that is chosen while nothing is to be had opens nothing', () => {
  const rig = started('gone');
  rig.refuse(404);
  assert.equal(rig.state, 'offline');
  assert.deepEqual(rig.send({ type: 'track-chosen' }), []);
});

test('after a server said that it stops, its last words are not believed, and it is restarting until something answers', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'draining' });
  rig.feed('gone');
  assert.equal(rig.state, 'reconnecting');
  rig.feed('unknown');
  for (let i = 0; i < 20; i++) {
    rig.refuse(null);
    while (!rig.open) rig.run(tickMs, false);
    assert.deepEqual([rig.state, rig.reason], ['reconnecting', 'server-restarting']);
  }
  rig.feed('gone');
  assert.equal(rig.state, 'offline');
});

test('a stream that comes back after a restart is played, and a refusal is an answer, too', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'draining' });
  rig.feed('unknown');
  while (!rig.open) rig.run(tickMs, false);
  rig.refuse(404);
  assert.equal(rig.state, 'offline');
  rig.feed('live', 'second');
  rig.answer();
  assert.equal(rig.state, 'live');
});

/** A stream of one picture in six seconds, with its engine running. */
function slides(sound: boolean): Rig {
  const rig = started('live');
  rig.arrivals = someArrivals({
    pictures: aTrack({ frames: 3, intervalMs: 6000 }),
    sound: sound ? aTrack({ intervalMs: 23 }) : null,
  });
  rig.answer(6000);
  assert.equal(rig.state, 'live');
  return rig;
}

/** Time passes without a picture, and with or without sound. */
function pass(rig: Rig, ms: number, { clock, silent }: { clock: boolean; silent: boolean }): void {
  for (let past = 0; past < ms && rig.sample !== null; past += tickMs) {
    const arrivals: Arrivals = rig.arrivals ?? assert.fail();
    const silentMs = silent ? arrivals.silentMs + tickMs : 0;
    const sound = arrivals.sound && {
      ...arrivals.sound,
      lastAtMs: silent ? arrivals.sound.lastAtMs : rig.nowMs,
    };
    rig.arrivals = { ...arrivals, silentMs, sound };
    if (clock) {
      const { currentTime } = rig.sample ?? assert.fail();
      rig.patch({ currentTime: currentTime + tickMs / 1000, ranges: [{ start: 0, end: currentTime + 0.7 }] });
    }
    rig.nowMs += tickMs;
    rig.tick();
  }
}

test('a picture in six seconds with sound plays on without a word, and without a new engine', () => {
  const rig = slides(true);
  pass(rig, 30_000, { clock: true, silent: false });
  assert.deepEqual([rig.state, rig.opened], ['live', 1]);
});

test('a picture in six seconds without sound may rest until the next one, and is given up when two are missing', () => {
  const rig = slides(false);
  pass(rig, 12_000, { clock: false, silent: true });
  assert.deepEqual([rig.state, rig.opened], ['live', 1]);
  pass(rig, 4000, { clock: false, silent: true });
  assert.equal(rig.opened, 2);
});

test('a clock that runs on although nothing comes any more deceives nobody', () => {
  const rig = slides(false);
  pass(rig, 16_000, { clock: true, silent: true });
  assert.equal(rig.opened, 2);
});

test('a camera that stands while the sound goes on is described, and not opened anew', () => {
  const rig = started('live');
  rig.arrivals = someArrivals({ pictures: aTrack({ lastAtMs: rig.nowMs + 6000 }), sound: aTrack() });
  rig.answer(6000);
  pass(rig, 2000, { clock: true, silent: false });
  assert.equal(rig.controller.view(rig.nowMs).pictureStillMs, null);
  pass(rig, 6000, { clock: true, silent: false });
  const still = rig.controller.view(rig.nowMs).pictureStillMs ?? 0;
  assert.ok(still >= 7000, `${still} ms`);
  assert.deepEqual([rig.state, rig.opened], ['live', 1]);
});

test('where nothing comes at all, nothing is said of a sound that goes on, and no line is blamed', () => {
  const rig = started('unknown');
  rig.arrivals = someArrivals();
  rig.answer(4000);
  // The last frame of both has just come.
  rig.arrivals = someArrivals({
    pictures: aTrack({ lastAtMs: rig.nowMs }),
    sound: aTrack({ intervalMs: 23, lastAtMs: rig.nowMs + 20 }),
  });
  pass(rig, 600, { clock: false, silent: true });
  assert.deepEqual([rig.state, rig.reason], ['buffering', 'nothing-comes']);
  for (let i = 0; i < 14; i++) {
    pass(rig, tickMs, { clock: false, silent: true });
    assert.equal(rig.controller.view(rig.nowMs).pictureStillMs, null);
  }
});

test('a line that brings something all the time, and too little, is called slow', () => {
  const rig = started('unknown');
  rig.arrivals = someArrivals({ pictures: null });
  rig.answer(4000);
  pass(rig, 1000, { clock: false, silent: false });
  assert.deepEqual([rig.state, rig.reason], ['buffering', null]);
});

test('a decoder that hangs while pictures come and the sound goes on is replaced', () => {
  const rig = started('live');
  rig.arrivals = someArrivals();
  rig.answer(2000);
  for (let i = 0; i < 25; i++) {
    const arrivals: Arrivals = rig.arrivals ?? assert.fail();
    const pictures = arrivals.pictures ?? assert.fail();
    rig.arrivals = {
      ...arrivals,
      pictures: { ...pictures, frames: pictures.frames + 6, lastAtMs: rig.nowMs },
    };
    pass(rig, tickMs, { clock: true, silent: false });
  }
  assert.equal(rig.opened, 2);
});

test('pictures that return after a standstill get their time to be shown', () => {
  const rig = started('live');
  rig.arrivals = someArrivals();
  rig.answer(2000);
  pass(rig, 8000, { clock: true, silent: false });
  for (let i = 0; i < 15; i++) {
    const arrivals: Arrivals = rig.arrivals ?? assert.fail();
    const pictures = arrivals.pictures ?? assert.fail();
    rig.arrivals = {
      ...arrivals,
      pictures: { ...pictures, frames: pictures.frames + 6, lastAtMs: rig.nowMs },
    };
    pass(rig, tickMs, { clock: true, silent: false });
  }
  assert.equal(rig.opened, 1);
});

test('an encoder that sends nothing is said to, and old pictures never pass for live', () => {
  const rig = playing();
  rig.feed('silent', 'first');
  assert.deepEqual([rig.state, rig.reason], ['reconnecting', 'publisher-silent']);
  rig.run(2000, true);
  assert.equal(rig.state, 'reconnecting');
  rig.feed('live', 'first');
  rig.run(400, true);
  assert.deepEqual([rig.state, rig.opened], ['live', 1]);
});

test('data without a picture to begin with is waited for on the same connection, in words of its own', () => {
  const rig = started('live');
  rig.arrivals = someArrivals({ hasStart: false });
  rig.send({ type: 'first-byte' });
  rig.sample = aSample({ currentTime: 0, readyState: 1, frames: 0, ranges: [] });
  rig.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
  rig.run(20_000, false);
  assert.deepEqual([rig.state, rig.reason, rig.opened], ['connecting', 'waiting-for-start', 1]);
});

test('a request over HTTP that gets no answer while the server is there stands in the queue of the browser', () => {
  const rig = started('live');
  rig.transport = 'http';
  rig.run(5000, false);
  assert.deepEqual([rig.reason, rig.opened], ['crowded', 1]);
  rig.answer();
  assert.equal(rig.state, 'live');
});

test('an address that is fine but for the transport is opened by another one, without a word', () => {
  const rig = started('live');
  rig.refuse(200);
  assert.deepEqual([rig.state, rig.reason, rig.opened], ['connecting', null, 2]);
});

test('autoplay that is blocked does not fill the memory, before the first picture either', () => {
  const rig = started('live');
  rig.send({ type: 'first-byte' });
  rig.sample = aSample({ currentTime: 0, paused: true, frames: 0, ranges: [{ start: 0, end: 1 }] });
  rig.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
  rig.send({ type: 'play-blocked' });
  rig.patch({ ranges: [{ start: 0, end: 21 }] });
  rig.tick();
  assert.equal(rig.open, false);
  assert.equal(rig.controller.view(rig.nowMs).blocked, true);
  rig.send({ type: 'user-play' });
  assert.equal(rig.opened, 2);
});

test('the delay counts what waits outside of the browser', () => {
  const rig = playing();
  const inHand = rig.controller.view(rig.nowMs).latency ?? 0;
  rig.arrivals = someArrivals({ outsideMs: 5000 });
  rig.tick();
  assert.equal((rig.controller.view(rig.nowMs).latency ?? 0).toFixed(1), (inHand + 5).toFixed(1));
});

test('pictures that come without their sound are not blamed on the line', () => {
  const rig = playing();
  const sound = aTrack({ lastAtMs: rig.nowMs });
  for (let i = 0; i < 10; i++) {
    rig.arrivals = someArrivals({ pictures: aTrack({ lastAtMs: rig.nowMs }), sound });
    rig.nowMs += tickMs;
    rig.tick();
  }
  assert.deepEqual([rig.state, rig.reason], ['buffering', 'waiting-for-sound']);
});

test('old pictures that a new connection begins with are not live, until something follows them', () => {
  const rig = playing();
  rig.feed('unknown');
  rig.run(4200, false);
  assert.equal(rig.opened, 2);
  rig.arrivals = someArrivals({ spanMs: 0 });
  rig.answer(1000);
  assert.deepEqual([rig.state, rig.reason], ['reconnecting', 'stalled']);
  rig.arrivals = someArrivals({ spanMs: 600 });
  rig.tick();
  assert.equal(rig.state, 'live');
});

test('a stream whose encoder ended with the server has not ended: the server is restarting', () => {
  const rig = playing();
  rig.send({ type: 'source-ended', how: 'ended' });
  rig.feed('gone');
  assert.equal(rig.state, 'ended');
  rig.run(400, false);
  rig.feed('unknown');
  assert.deepEqual([rig.state, rig.reason], ['reconnecting', 'server-restarting']);
  rig.feed('gone');
  assert.equal(rig.state, 'ended');
});

test('whatever happens, a live stream is opened again within the longest pause and one start', () => {
  const events: fc.Arbitrary<PlayerEvent> = fc.oneof(
    fc.constantFrom<PlayerEvent>(
      { type: 'first-byte' },
      { type: 'engine-ready', hasVideo: true, leftOut: null },
      { type: 'engine-failed', message: 'x' },
      { type: 'refused', httpStatus: null, message: null },
      { type: 'refused', httpStatus: 404, message: null },
      { type: 'refused', httpStatus: 503, message: null },
      { type: 'catch-up' },
      { type: 'track-chosen' },
      { type: 'visibility', visible: false },
      { type: 'visibility', visible: true },
    ),
    fc
      .constantFrom<FeedStatus>('unknown', 'starting', 'live', 'silent', 'interrupted', 'gone')
      .map((status): PlayerEvent => ({ type: 'feed', status, since: 'x' })),
    fc
      .constantFrom<SourceEnd>('ended', 'tracks-changed', 'clean', 'draining', 'dropped')
      .map((how): PlayerEvent => ({ type: 'source-ended', how })),
    fc.constant<PlayerEvent>({
      type: 'tick',
      seen: { sample: null, arrivals: null, transport: 'ws' },
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(events, fc.nat(3000)), { maxLength: 60 }), (steps) => {
      const rig = started();
      for (const [event, pauseMs] of steps) {
        rig.nowMs += pauseMs;
        rig.send(event);
      }
      rig.send({ type: 'visibility', visible: true });
      rig.feed('live', 'another publish');
      const before = rig.opened;
      // Longest: a hopeless stream waits 15 s, then its engine gets 15 s to load.
      for (let past = 0; past < 31_000 && rig.opened === before; past += tickMs) rig.run(tickMs, false);
      assert.ok(rig.opened > before || rig.state === 'live', `stuck in ${rig.state}`);
    }),
  );
});
