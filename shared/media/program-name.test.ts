import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { programName } from './program-name.ts';

const FMLE = 'FMLE/3.0 (compatible; FMSc/1.0)';

describe('An encoder is called', () => {
  for (const [name, userAgent, encoder] of [
    // From captures.
    ['OBS 29.0.2', FMLE, 'obs-output module (libobs version 29.0.2.1-1+b1)'],
    ['ffmpeg (Lavf 59.27.100)', 'FMLE/3.0 (compatible; Lavf59.27.100)', 'Lavf59.27.100'],
    ['librtmp', 'LNX 10,0,32,18', null],
    // From their sources and public reports.
    ['OBS 30.1.0', FMLE, 'obs-output module (libobs version 30.1.0-rc1-3-g1234)'],
    ['OBS', FMLE, 'obs-output module'],
    ['OBS 0.13.1', 'FMLE/3.0 (compatible; obs-studio/0.13.1; FMSc/1.0)', null],
    ['ffmpeg (Lavf 58.45.100)', 'FMLE/3.0 (compatible; Lavf58.45.100)', null],
    ['ffmpeg', 'LNX 9,0,124,2', null],
    ['GStreamer 1.22.0', FMLE, 'GStreamer 1.22.0 FLV muxer'],
    ['GStreamer', null, 'GStreamer FLV muxer'],
    ['Wirecast', 'Wirecast/FM 1.0 (compatible; MS', null],
    ['Wirecast 12.2.1', 'Wirecast/FM 1.0 (compatible; FMSc/1.0)', 'Wirecast 12.2.1'],
    ['XSplit', FMLE, 'XSplit Broadcaster'],
    ['vMix 26.0.0.45', FMLE, 'vMix 26.0.0.45'],
    ['Larix 1.3.2', FMLE, 'Larix Broadcaster/1.3.2'],
    ['Larix', 'Larix', null],
    ['Teradek', FMLE, 'Teradek VidiU'],
    ['DJI', 'DJI', null],
    ['HaishinKit 1.9.0', FMLE, 'HaishinKit/1.9.0'],
    ['nginx-rtmp', 'LNX.11,1,102,55', null],
    ['nginx-rtmp', 'ngx-local-relay', null],
    ['Flash Player 21.0.0.213', 'WIN 21,0,0,213', null],
    ['Game Capture HD (Macintosh) 3832', FMLE, 'Game Capture HD (Macintosh) 3832'],
    ['Sluice', 'FMLE/3.0 (compatible; Sluice)', null],
    ['EvoStream Media Server', 'EvoStream Media Server', ''],
  ] as const) {
    it(`${name}: ${userAgent}, ${encoder}`, () => {
      assert.equal(programName({ userAgent, encoder }), name);
    });
  }

  for (const userAgent of [
    null,
    '',
    FMLE,
    'FMLE/3.0',
    'FMLE/3.0 (compatible; FMSc/1.0',
    'FME/3.0 (compatible; FMSc 1.0)',
    'FME/2.5 (compatible; FMSc/1.0)',
  ]) {
    it(`nothing when it only borrows a name: ${userAgent}`, () => {
      assert.equal(programName({ userAgent, encoder: null }), null);
      assert.equal(programName({ userAgent, encoder: ' ' }), null);
    });
  }
});

describe('A player is called', () => {
  const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
  for (const [name, userAgent] of [
    ['VLC 3.0.24', 'VLC/3.0.24 LibVLC/3.0.24'],
    ['mpv 0.35.1', 'mpv 0.35.1'],
    ['mpv', 'libmpv'],
    ['ffmpeg (Lavf 59.27.100)', 'Lavf/59.27.100'],
    ['GStreamer 1.22.0', 'GStreamer souphttpsrc 1.22.0 libsoup/2.74.3'],
    ['curl 7.88.1', 'curl/7.88.1'],
    ['Firefox 153', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'],
    [
      'Chrome 156',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
    ],
    [
      'Edge 120',
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0.1',
    ],
    ['Safari 17', `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple}`],
    ['WebKit 605.1.15', `Mozilla/5.0 (X11; Linux x86_64) ${apple}`],
    ['MyPlayer/1.0', 'MyPlayer/1.0'],
  ] as const) {
    it(`${name}: ${userAgent}`, () => {
      assert.equal(programName({ userAgent, encoder: null }), name);
    });
  }
});

it('no name holds what a query or an address may hide, a line break, or an invisible character, and none is long', () => {
  for (const encoder of ['x?token=hunter2', 'rtmp://me:hunter2@host/live', 'y&key=hunter2', 'a #hunter2']) {
    assert.doesNotMatch(programName({ userAgent: null, encoder }) ?? '', /hunter2/);
  }
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
  fc.assert(
    fc.property(text, text, (userAgent, encoder) => {
      const name = programName({ userAgent, encoder });
      if (name === null) return;
      assert.ok(name.length > 0 && name.length <= 60, name);
      assert.doesNotMatch(name, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u202e?]/u);
    }),
    { numRuns: 500 },
  );
});
