import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedFiles, connectionBudget, watchDescriptors } from './descriptors.ts';

describe('The connections that there may be', () => {
  it('are as many as the settings say where the system allows it', () => {
    const budget = connectionBudget({ http: 10_000, rtmp: 10_000 }, 1_000_000);
    assert.deepEqual(budget, { http: 10_000, rtmp: 10_000, isCut: false });
  });

  it('fit into the open files of the process, with a share that is for encoders alone', () => {
    for (const files of [1024, 4096, 20_000]) {
      const { http, rtmp, isCut } = connectionBudget({ http: 10_000, rtmp: 10_000 }, files);
      assert.ok(http + rtmp + 128 < files, `${http} + ${rtmp} of ${files}`);
      assert.ok(rtmp >= (files - 192) / 4 - 1);
      assert.equal(isCut, files < 20_000, 'a little less is not worth a word');
    }
  });

  it('are lowered no further than needed', () => {
    assert.deepEqual(connectionBudget({ http: 100, rtmp: 10_000 }, 1024), {
      http: 100,
      rtmp: 732,
      isCut: true,
    });
    assert.deepEqual(connectionBudget({ http: 100, rtmp: 200 }, 1024), {
      http: 100,
      rtmp: 200,
      isCut: false,
    });
  });

  it('have a limit where the settings have none, by the system', () => {
    assert.deepEqual(connectionBudget({ http: 0, rtmp: 0 }, 1024), { http: 624, rtmp: 208, isCut: false });
    const { http } = connectionBudget({ http: 0, rtmp: 0 }, Number.POSITIVE_INFINITY);
    assert.equal(http, Number.POSITIVE_INFINITY);
  });

  it('are never none', () => {
    assert.deepEqual(connectionBudget({ http: 10, rtmp: 10 }, 20), { http: 10, rtmp: 10, isCut: false });
    assert.deepEqual(connectionBudget({ http: 100, rtmp: 100 }, 20), { http: 24, rtmp: 16, isCut: true });
  });

  it('are known from the system', () => assert.ok(allowedFiles() > 0));
});

it('A system without a free file is told of for as long as it is so, and once when it is over', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const looks = [true, false, false, true, true];
  const told: string[] = [];
  const watch = watchDescriptors(
    { missing: () => told.push('missing'), free: () => told.push('free') },
    () => looks.shift() ?? true,
  );
  t.mock.timers.tick(5_000);
  assert.deepEqual(told, ['missing', 'missing', 'free']);
  watch.close();
});
