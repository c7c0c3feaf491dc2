import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ControlLoop } from './control-loop.ts';
import type { MediaSample } from './media-sample.ts';
import type { PlayerCommand } from './player-state.ts';
import { aSample } from './test-facts.ts';

const tickMs = 200;

/** A media element: its state changes at once, its events are delivered late, doubled or never. */
class FakeElement {
  nowMs = 1000;
  paused = true;
  seen = true;
  refusesPlay = false;
  hasEngine = false;
  commands: PlayerCommand[] = [];
  #events = 0;
  #position = 0;
  readonly loop = new ControlLoop(
    {
      nowMs: () => this.nowMs,
      look: () => ({ sample: this.hasEngine ? this.#sample() : null, arrivals: null, transport: 'ws' }),
      run: (command) => this.#obey(command),
    },
    () => 0,
  );

  open(): void {
    this.loop.send({ type: 'start' });
    this.loop.send({ type: 'feed', status: 'live', since: 'first' });
    this.#answer();
    this.pass(1000);
  }

  /** Media keys, headphones, the window of picture in picture. */
  fromOutside(paused: boolean): void {
    if (this.hasEngine && this.paused !== paused) this.#events += 1;
    if (this.hasEngine) this.paused = paused;
  }

  /** The page's listener runs: for one event, or once more for none. */
  deliver(): void {
    this.#events = Math.max(0, this.#events - 1);
    this.loop.tick();
  }

  lose(): void {
    this.#events = 0;
  }

  hide(browserPauses: boolean): void {
    this.seen = false;
    this.loop.send({ type: 'visibility', visible: false });
    if (browserPauses && !this.paused) {
      this.paused = true;
      this.#events += 1;
    }
  }

  show(): void {
    this.seen = true;
    this.loop.send({ type: 'visibility', visible: true });
  }

  pass(ms: number): void {
    for (let past = 0; past < ms; past += tickMs) {
      this.nowMs += tickMs;
      if (!this.paused) this.#position += tickMs / 1000;
      this.loop.tick();
    }
  }

  get wish(): 'play' | 'pause' {
    return this.loop.view.paused ? 'pause' : 'play';
  }

  #answer(): void {
    this.loop.send({ type: 'first-byte' });
    this.hasEngine = true;
    this.loop.send({ type: 'engine-ready', hasVideo: true, leftOut: null });
  }

  #sample(): MediaSample {
    return aSample({
      currentTime: this.#position,
      ranges: [{ start: 0, end: this.#position + 0.5 }],
      frames: Math.round(this.#position * 30),
      paused: this.paused,
      seen: this.seen,
    });
  }

  #obey(command: PlayerCommand): void {
    this.commands.push(command);
    switch (command.type) {
      case 'play':
        if (this.refusesPlay) this.loop.send({ type: 'play-blocked' });
        else this.#set(false);
        break;
      case 'pause':
        this.#set(true);
        break;
      case 'close':
        this.hasEngine = false;
        this.paused = true;
        break;
      default:
    }
  }

  #set(paused: boolean): void {
    if (this.paused !== paused) this.#events += 1;
    this.paused = paused;
  }
}

/** What can happen, by its name in a failure. */
const happenings = {
  toggle: (element: FakeElement) => element.loop.togglePlay(),
  'page-play': (element: FakeElement) => element.loop.send({ type: 'user-play' }),
  'page-pause': (element: FakeElement) => element.loop.send({ type: 'user-pause' }),
  'outside-pause': (element: FakeElement) => element.fromOutside(true),
  'outside-play': (element: FakeElement) => element.fromOutside(false),
  deliver: (element: FakeElement) => element.deliver(),
  lose: (element: FakeElement) => element.lose(),
  hide: (element: FakeElement) => element.hide(false),
  'hide-and-pause': (element: FakeElement) => element.hide(true),
  show: (element: FakeElement) => element.show(),
  tick: (element: FakeElement) => element.pass(tickMs),
};

function anyOf(...names: (keyof typeof happenings)[]): fc.Arbitrary<keyof typeof happenings> {
  return fc.constantFrom(...names);
}

function playing(): FakeElement {
  const element = new FakeElement();
  element.open();
  assert.equal(element.paused, false);
  element.commands = [];
  return element;
}

test('two presses of Space in one go leave the picture playing, whenever the events of the first arrive', () => {
  const element = playing();
  element.loop.togglePlay();
  element.loop.togglePlay();
  for (let i = 0; i < 4; i++) element.deliver();
  element.pass(2000);
  assert.equal(element.paused, false);
  assert.deepEqual(element.commands, [{ type: 'pause' }, { type: 'play' }]);
});

test('a media key that pauses and plays in one go is answered with nothing', () => {
  const element = playing();
  element.fromOutside(true);
  element.fromOutside(false);
  element.deliver();
  element.deliver();
  element.pass(2000);
  assert.deepEqual(element.commands, []);
});

test('a pause from outside holds, and Space then plays although the page has not drawn the pause yet', () => {
  const element = playing();
  element.fromOutside(true);
  element.loop.togglePlay();
  assert.equal(element.paused, false);
  element.pass(1000);
  assert.equal(element.paused, false);
});

test('what the browser pauses out of sight plays again when it is seen, and what the viewer paused does not', () => {
  const element = playing();
  element.hide(true);
  element.deliver();
  element.pass(1000);
  element.show();
  element.deliver();
  assert.equal(element.paused, false);
  element.loop.send({ type: 'user-pause' });
  element.hide(true);
  element.show();
  element.pass(1000);
  assert.equal(element.paused, true);
});

test('any order of clicks, keys, media keys and late, doubled or lost events comes to rest at the last wish', () => {
  const steps = anyOf(...(Object.keys(happenings) as (keyof typeof happenings)[]));
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40 }), (order) => {
      const element = playing();
      for (const step of order) happenings[step](element);
      if (!element.seen) element.show();
      element.deliver();
      const { wish } = element;
      const settled = element.commands.length;
      for (let i = 0; i < 10; i++) element.deliver();
      element.pass(3000);
      assert.equal(element.paused ? 'pause' : 'play', wish);
      assert.equal(element.wish, wish);
      assert.ok(element.commands.length <= settled + 1, 'it goes on being told');
    }),
    { numRuns: 1000 },
  );
});

test('the last thing that a person does decides, while the page is seen', () => {
  const acts = anyOf('toggle', 'page-play', 'page-pause', 'outside-pause', 'outside-play');
  const between = fc.array(anyOf('deliver', 'lose', 'tick'), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(fc.tuple(acts, between), { minLength: 1, maxLength: 20 }), (order) => {
      const element = playing();
      let wanted: 'play' | 'pause' = 'play';
      for (const [act, noise] of order) {
        const shown = element.paused ? 'play' : 'pause';
        wanted = act === 'toggle' ? shown : act.endsWith('play') ? 'play' : 'pause';
        happenings[act](element);
        for (const step of noise) happenings[step](element);
      }
      element.pass(3000);
      assert.equal(element.paused ? 'pause' : 'play', wanted);
    }),
    { numRuns: 1000 },
  );
});

test('a browser that refuses to play is asked again only after a click', () => {
  const element = new FakeElement();
  element.refusesPlay = true;
  element.open();
  const plays = () => element.commands.filter(({ type }) => type === 'play').length;
  const before = plays();
  element.pass(5000);
  assert.equal(plays(), before);
  element.refusesPlay = false;
  element.loop.togglePlay();
  assert.equal(element.paused, false);
});
