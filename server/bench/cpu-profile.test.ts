import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpuProfile, hottestFunctions } from './cpu-profile.ts';

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const profile: CpuProfile = {
  startTime: 1000,
  nodes: [
    node(1, '(idle)'),
    node(2, 'deliver', 'file:///home/me/sluice/dist/server/hub/audience.js', 56),
    node(3, 'writeBuffer'),
    // The same function, called from elsewhere.
    node(4, 'deliver', 'file:///home/me/sluice/dist/server/hub/audience.js', 56),
  ],
  samples: [2, 1, 3, 4, 3],
  timeDeltas: [100, 100, 100, 100, 100],
};

test('self time is added up per function, without idle time', () => {
  assert.deepEqual(hottestFunctions(profile, 0, 10_000), [
    { name: 'deliver', place: 'server/hub/audience.js:57', share: 2 / 3 },
    { name: 'writeBuffer', place: '', share: 1 / 3 },
  ]);
});

test('only samples of the window count', () => {
  const [first, ...rest] = hottestFunctions(profile, 1250, 1350);
  assert.deepEqual(rest, []);
  assert.equal(first?.name, 'writeBuffer');
});
