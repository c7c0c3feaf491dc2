import { interleave, type Scenario } from './bench.ts';
import { fanOutRun } from './fan-out-run.ts';
import { contenderName, contendersOf, fanOutTable } from './fan-out-table.ts';

/** 30 frames a second give few samples: a longer window than elsewhere. */
const LONGER = 3;

/** One viewer: from the publisher's write to the viewer's read. */
export const latency: Scenario = {
  name: 'latency',
  run: async (bench) => {
    const { options, ours, peer, floors } = bench;
    const systems = [ours, ...floors.slice(0, 1), ...(peer ? [peer] : [])];
    const contenders = contendersOf(systems, ['http', 'ws', 'rtmp']);
    const results = await interleave(bench, contenders, (contender, run) => {
      bench.say(`latency, ${contenderName(contender)}, run ${run + 1}`);
      return fanOutRun(bench, {
        ...contender,
        viewers: 1,
        joinsPerSecond: 1,
        warmupSeconds: options.warmupSeconds,
        seconds: options.seconds * LONGER,
      });
    });
    return { tables: [fanOutTable('One viewer', results)], runs: [...results.values()].flat() };
  },
};
