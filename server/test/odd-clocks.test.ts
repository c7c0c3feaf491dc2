import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer } from './test-server.ts';

// Encoders whose clocks are wrong, over real sockets, on a whole server. When frames arrive is real; what is told does not depend on it.

describe('An encoder whose timestamps begin again', () => {
  for (const [what, periodMs] of [
    ['after a second', 1_000],
    ['after an hour', 3_600_000],
  ] as const) {
    it(`${what} ends nobody: time goes on, and the operator reads what is wrong`, async (t) => {
      const server = await startTestServer(t);
      const encoder = await goOnAir(server);
      const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
      await viewer.untilTags(4);
      const startMs = periodMs - 1_000;
      for (let round = 0; round < 3; round++) {
        for (let at = 40; at < 1_000; at += 40) {
          const stamp = at + (round === 1 ? startMs : 0);
          encoder.send('audio', stamp, bodies.audio);
          encoder.send('video', stamp, bodies.interframe);
        }
      }
      encoder.flush();
      await viewer.untilTags(4 + 3 * 24 * 2);
      assert.equal(viewer.ended, undefined);
      for (const kind of ['audio', 'video'] as const) {
        const times = viewer.times(kind);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
        const last = times.at(-1) ?? 0;
        assert.ok(last > 2_000 && last < 10_000, `${kind} ends at ${last}`);
      }
      const warnings = (await server.stream('live/a'))?.warnings.map(({ code }) => code) ?? [];
      assert.ok(
        warnings.some((code) => code === 'clock-restarts' || code === 'clock-jumps'),
        `${warnings}`,
      );
      await encoder.stop();
    });
  }
});
