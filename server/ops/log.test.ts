import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Logger } from 'pino';
import { createLogger, logFormat } from './log.ts';
import { scrubLine, withoutQuery } from './scrub-line.ts';

function capture(format: 'pretty' | 'json', write: (log: Logger) => void): string {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', format, isTerminal: false, write: (line) => lines.push(line) });
  write(log);
  return lines.join('');
}

describe('what follows a question mark never reaches the log', () => {
  const secret = 'hunter2 "quoted" \\ and more';
  const ways: Record<string, (log: Logger) => void> = {
    'in a message': (log) => log.info(`publish live/main?token=${secret}`),
    'in a field': (log) => log.info({ url: `/live/main?token=${secret}` }, 'played'),
    'deep in an object': (log) => log.warn({ connect: { tcUrl: [`rtmp://h/live?${secret}`] } }, 'connected'),
    'in an error and its stack': (log) => log.error({ err: new Error(`no such key a?${secret}`) }, 'failed'),
    'in the binding of a child': (log) => log.child({ stream: `a?${secret}` }).info('x'),
    'percent-encoded': (log) => log.info({ url: `/live/main%3ftoken=${secret}` }),
    'as the name of a property': (log) => log.info({ [`live/main?${secret}`]: 1 }),
  };
  for (const [name, write] of Object.entries(ways)) {
    for (const format of ['json', 'pretty'] as const) {
      it(`${name}, ${format}`, () => {
        const text = capture(format, write);
        assert.notEqual(text, '');
        assert.doesNotMatch(text, /hunter2|quoted|and more/);
      });
    }
  }

  it('for any strings, and the line stays valid JSON', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const line = scrubLine(JSON.stringify({ a: `${before}?SECRET${after}SECRET`, b: 1 }));
        const parsed = JSON.parse(line) as { a: string; b: number };
        assert(!line.includes('SECRET') || before.includes('SECRET'));
        assert.equal(parsed.b, 1);
      }),
    );
  });

  it('and what stands before it stays', () => {
    assert.match(
      capture('json', (log) => log.info({ url: '/live/main?x' }, 'played')),
      /"\/live\/main\?\.\.\."/,
    );
    assert.equal(withoutQuery('live/main?token=x'), 'live/main');
    assert.equal(withoutQuery('live/main%3Ftoken=x'), 'live/main');
    assert.equal(withoutQuery('live/main'), 'live/main');
  });
});

describe('log lines', () => {
  it('stay one line each when a name holds line breaks or terminal escapes', () => {
    for (const format of ['json', 'pretty'] as const) {
      const text = capture(format, (log) => log.info({ name: 'a\r\nb' }, 'app "x\r\n[12:00] fake \x1b[2J"'));
      assert.equal(text.trimEnd().split(/[\r\n]/).length, 1, format);
      assert(!text.includes('\x1b'), format);
    }
  });

  it('below the chosen level are not written', () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const log = createLogger({ level: 'warn', format: 'json', isTerminal: false, write });
    log.info('quiet');
    log.warn('loud');
    assert.equal(lines.length, 1);
  });

  it('are pretty on a terminal and JSON elsewhere, unless the configuration says which', () => {
    assert.equal(logFormat({ format: 'auto', isTerminal: true }), 'pretty');
    assert.equal(logFormat({ format: 'auto', isTerminal: false }), 'json');
    assert.equal(logFormat({ format: 'json', isTerminal: true }), 'json');
    assert.equal(logFormat({ format: 'pretty', isTerminal: false }), 'pretty');
  });

  it('of a request hold no headers', () => {
    const req = { method: 'GET', url: '/x', ip: '1.2.3.4', headers: { authorization: 'Bearer abc' } };
    assert.doesNotMatch(
      capture('json', (log) => log.info({ req }, 'r')),
      /Bearer/,
    );
  });

  it('that repeat are written at a pace, unless somebody asked for debug, and none of the worst is lost', () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const log = createLogger({ level: 'debug', format: 'json', isTerminal: false, write });
    const child = log.child({ request: 'abc' });
    for (let i = 0; i < 1000; i++) {
      child.warn({ address: '192.0.2.1', code: 'unauthorized' }, 'a login was refused');
      log.debug({ i }, 'seen');
      log.fatal({ i }, 'over');
    }
    const count = (message: string) => lines.filter((line) => line.includes(`"msg":"${message}"`)).length;
    assert.ok(count('a login was refused') < 100, `${count('a login was refused')} lines`);
    assert.equal(count('seen'), 1000);
    assert.equal(count('over'), 1000);
  });
});
