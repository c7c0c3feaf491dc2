import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AmfValue, amfObject } from '../../shared/amf/amf-value.ts';
import { RawClient, testCrypto } from '../test/rtmp-kit.ts';
import { ServerSession } from './server-session.ts';

// Each command that ends something ends what it names, and nothing else.

const connected = (app = 'live'): RawClient => {
  const client = new RawClient(new ServerSession({ crypto: testCrypto }));
  client.connect(app);
  return client;
};

const grant = (client: RawClient, id: number): void => {
  client.take();
  client.session.acceptPublish(id);
  client.session.acceptPlay(id);
  client.replies();
};

const publishing = (name = 'main', app = 'live'): RawClient => {
  const client = connected(app);
  client.command(1, 'publish', 3, null, name, 'live');
  grant(client, 1);
  return client;
};

const notes = (client: RawClient): string[] =>
  client.events.filter((event) => event.type === 'note').map(({ code }) => code);

interface Case {
  readonly who: string;
  /** Message stream that the command comes on. */
  readonly on?: number;
  readonly command: 'FCUnpublish' | 'deleteStream' | 'closeStream';
  readonly args: readonly AmfValue[];
  /** What was published. */
  readonly name?: string;
  readonly app?: string;
}

const ends: readonly Case[] = [
  { who: 'OBS and FFmpeg', command: 'FCUnpublish', args: ['main'] },
  { who: 'OBS with a token', command: 'FCUnpublish', name: 'obs?token=a/b==', args: ['obs?token=a/b=='] },
  { who: 'one that forgets its token', command: 'FCUnpublish', name: 'obs?token=abc', args: ['obs'] },
  { who: 'one whose token changed', command: 'FCUnpublish', name: 'obs?token=abc', args: ['obs?token=xyz'] },
  { who: 'one that gives the whole path', command: 'FCUnpublish', args: ['live/main'] },
  { who: 'one that gives the path with a slash', command: 'FCUnpublish', args: ['/live/main'] },
  { who: 'one that writes a slash in front', command: 'FCUnpublish', args: ['/main'] },
  { who: 'one that writes a suffix', command: 'FCUnpublish', args: ['main.flv'] },
  { who: 'FFmpeg with a prefix', command: 'FCUnpublish', name: 'mp4:main.mp4', args: ['main.mp4'] },
  { who: 'OBS without a key', command: 'FCUnpublish', app: 'live/main', name: '', args: [''] },
  { who: 'one that names nothing', command: 'FCUnpublish', args: [] },
  { who: 'one that says null', command: 'FCUnpublish', args: [null] },
  { who: 'one that says an empty name', command: 'FCUnpublish', args: [''] },
  { who: 'one that gives the number', command: 'FCUnpublish', args: [1] },
  { who: 'FFmpeg and OBS', command: 'deleteStream', args: [1] },
  { who: 'GStreamer, with the name', command: 'deleteStream', args: ['main'] },
  { who: 'one without an argument, on its stream', on: 1, command: 'deleteStream', args: [] },
  { who: 'one without an argument, on the connection', on: 0, command: 'deleteStream', args: [] },
  { who: 'one that says null', on: 0, command: 'deleteStream', args: [null] },
  { who: 'Flash', on: 1, command: 'closeStream', args: [] },
  { who: 'one that says it on the connection', on: 0, command: 'closeStream', args: [] },
];

const changesNothing: readonly Case[] = [
  { who: 'another name', command: 'FCUnpublish', args: ['another-name'] },
  { who: 'a name that begins like it', command: 'FCUnpublish', args: ['main2'] },
  { who: 'the name under another app', command: 'FCUnpublish', args: ['other/main'] },
  { who: 'the app alone', command: 'FCUnpublish', args: ['live'] },
  { who: 'the name in other letters', command: 'FCUnpublish', args: ['MAIN'] },
  { who: 'a name that is none', command: 'FCUnpublish', args: ['../main'] },
  { who: 'only a query', command: 'FCUnpublish', args: ['?token=abc'] },
  { who: 'another number', command: 'FCUnpublish', args: [2] },
  { who: 'an object', command: 'FCUnpublish', args: [amfObject({ name: 'main' })] },
  { who: 'true', command: 'FCUnpublish', args: [true] },
  { who: 'another number', command: 'deleteStream', args: [5] },
  { who: 'the connection', command: 'deleteStream', args: [0] },
  { who: 'another number, on its stream', on: 1, command: 'deleteStream', args: [5] },
  { who: 'no number', command: 'deleteStream', args: [Number.NaN] },
  { who: 'a number below 0', command: 'deleteStream', args: [-1] },
  { who: 'a number beyond 32 bits', command: 'deleteStream', args: [2 ** 32 + 1] },
  { who: 'another name', command: 'deleteStream', args: ['other'] },
  { who: 'an object', command: 'deleteStream', args: [amfObject({})] },
  { who: 'nothing, on another stream', on: 7, command: 'deleteStream', args: [] },
  { who: 'another stream', on: 7, command: 'closeStream', args: [] },
];

describe('The publish is ended, once, by', () => {
  for (const { who, on = 0, command, args, name = 'main', app = 'live' } of ends) {
    it(`${command}(${JSON.stringify(args)}) on ${on}: ${who}`, () => {
      const client = publishing(name, app);
      client.command(on, command, 6, null, ...args);
      client.audio(1, 0);
      client.command(on, command, 7, null, ...args);
      assert.deepEqual(client.take(), ['unpublish']);
      assert.deepEqual(notes(client), []);
      client.command(1, 'publish', 9, null, 'again', 'live');
      assert.deepEqual(client.take(), ['publish-request']);
    });
  }
});

describe('The publish goes on, and it is answered and noted, after', () => {
  for (const { who, on = 0, command, args } of changesNothing) {
    it(`${command}(${JSON.stringify(args)}) on ${on}: ${who}`, () => {
      const client = publishing();
      client.command(on, command, 6, null, ...args);
      client.command(on, command, 7, null, ...args);
      client.audio(1, 0);
      assert.deepEqual(client.take(), ['note', 'media']);
      assert.deepEqual(client.replies(), ['_result', '_result']);
      assert.equal(notes(client).length, 1);
    });
  }

  it('a note holds nothing that the client wrote', () => {
    const client = publishing('main?token=hunter2');
    client.command(0, 'FCUnpublish', 6, null, 'other?token=hunter3');
    client.take();
    const note = client.events.find((event) => event.type === 'note');
    assert.ok(note);
    assert.doesNotMatch(JSON.stringify(note), /hunter|other\?/);
  });
});

describe('A publish after one that was ended under a wrong name', () => {
  for (const [what, end] of [
    ['deleteStream of a number that is not ours', ['deleteStream', 0, 9]],
    ['FCUnpublish of another name', ['FCUnpublish', 0, 'another-name']],
    ['closeStream on another message stream', ['closeStream', 9, undefined]],
  ] as const) {
    const [command, on, arg] = end;

    it(`takes its place: ${what}`, () => {
      const client = publishing();
      client.command(on, command, 6, null, arg);
      client.command(0, 'createStream', 7);
      client.command(2, 'publish', 8, null, 'second', 'live');
      assert.deepEqual(client.take(), ['note', 'note', 'unpublish', 'publish-request']);
      assert.equal(client.session.acceptPublish(2), true);
      client.audio(2, 0);
      assert.deepEqual(client.take(), ['media']);
    });

    it(`is one too many when media has come since: ${what}`, () => {
      const client = publishing();
      client.command(on, command, 6, null, arg);
      client.audio(1, 0);
      client.command(2, 'publish', 8, null, 'second', 'live');
      assert.deepEqual(client.take(), ['note', 'media', 'not-possible']);
    });
  }

  it('needs no room where nothing is published', () => {
    const client = connected();
    client.command(0, 'deleteStream', 6, null, 9);
    client.command(0, 'FCUnpublish', 7, null, 'another-name');
    client.command(1, 'publish', 8, null, 'main', 'live');
    assert.deepEqual(client.take(), ['publish-request']);
  });
});

describe('A publish on the message stream that publishes', () => {
  for (const again of ['main', '/main', 'main?token=new', 'main.flv']) {
    it(`is the same again and answered again: ${again}`, () => {
      const client = publishing();
      client.command(1, 'publish', 4, null, again, 'live');
      assert.deepEqual(client.take(), []);
      assert.deepEqual(client.replies(), ['onStatus NetStream.Publish.Start']);
    });
  }

  for (const nothing of [false, ''] as const) {
    it(`is its end when it names nothing, as Flash and Wirecast say it: ${JSON.stringify(nothing)}`, () => {
      const client = publishing();
      client.command(1, 'publish', 4, null, nothing);
      assert.deepEqual(client.take(), ['unpublish']);
      assert.deepEqual(client.replies(), ['onStatus NetStream.Unpublish.Success']);
    });
  }

  it('of an empty key, asked again, is the same again', () => {
    const client = publishing('', 'live/main');
    client.command(1, 'publish', 4, null, '', 'live');
    assert.deepEqual(client.take(), []);
  });

  for (const other of ['second', 7, null, amfObject({})] as const) {
    it(`cannot be when it is for something else: ${JSON.stringify(other)}`, () => {
      const client = publishing();
      client.command(1, 'publish', 4, null, other);
      client.audio(1, 0);
      assert.deepEqual(client.take(), ['not-possible', 'media']);
    });
  }
});

describe('With a publish and a play on one connection', () => {
  const both = (): RawClient => {
    const client = publishing();
    client.command(2, 'play', 4, null, 'other');
    grant(client, 2);
    return client;
  };

  for (const [what, command, on, args, event] of [
    ['deleteStream of the play', 'deleteStream', 0, [2], 'stop-play'],
    ['deleteStream without a number on the play', 'deleteStream', 2, [], 'stop-play'],
    ['closeStream on the play', 'closeStream', 2, [], 'stop-play'],
    ['deleteStream without a number on the publish', 'deleteStream', 1, [], 'unpublish'],
    ['closeStream on the publish', 'closeStream', 1, [], 'unpublish'],
    ['deleteStream that names neither', 'deleteStream', 0, [], 'note'],
    ['closeStream on the connection', 'closeStream', 0, [], 'note'],
  ] as const) {
    it(`${what} gives ${event} alone`, () => {
      const client = both();
      client.command(on, command, 6, null, ...args);
      assert.deepEqual(client.take(), [event]);
    });
  }
});

describe('onFCPublish', () => {
  it('is owed to who sent FCPublish, until that name is taken back', () => {
    for (const [unpublished, owed] of [
      ['main', false],
      [null, false],
      ['other', true],
    ] as const) {
      const client = connected();
      client.command(0, 'FCPublish', 3, null, 'main');
      client.command(0, 'FCUnpublish', 4, null, unpublished);
      client.command(1, 'publish', 5, null, 'main');
      client.take();
      client.replies();
      client.session.acceptPublish(1);
      assert.equal(client.replies().includes('onFCPublish NetStream.Publish.Start'), owed, `${unpublished}`);
    }
  });
});

describe('Whatever is said in whatever order', () => {
  const names = fc.constantFrom<AmfValue>('a', 'b', 'a?x=1', 'live/a', '', undefined, null, false, 1, 2, 5);
  const step = fc.oneof(
    fc.record({
      command: fc.constantFrom('publish', 'FCUnpublish', 'deleteStream', 'closeStream', 'play', 'FCPublish'),
      on: fc.nat({ max: 3 }),
      given: names,
    }),
    fc.record({ media: fc.nat({ max: 3 }) }),
  );

  /** Grants what is asked for, and asserts that events make sense after what was granted before. */
  const follow = (client: RawClient, wasPublished: boolean): boolean => {
    let published = wasPublished;
    for (let event = client.session.nextEvent(); event; event = client.session.nextEvent()) {
      if (event.type === 'publish-request') {
        assert.equal(published, false, 'a second publish is asked for only when the first is over');
        published = client.session.acceptPublish(event.messageStreamId);
        assert.ok(published);
      } else if (event.type === 'play-request') client.session.acceptPlay(event.messageStreamId);
      else if (event.type === 'media') assert.equal(published, true, 'media without a publish');
      else if (event.type === 'unpublish') {
        assert.equal(published, true, 'what ends was on');
        published = false;
      }
    }
    return published;
  };

  it('media comes out while one publish is on, and never otherwise', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const client = connected();
        let published = false;
        for (const [at, one] of steps.entries()) {
          if ('media' in one) client.audio(one.media, at);
          else client.command(one.on, one.command, 4 + at, null, one.given);
          published = follow(client, published);
        }
      }),
      { numRuns: 500 },
    );
  });
});
