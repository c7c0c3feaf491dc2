/** The parts of V8's .cpuprofile that are used. */
export interface CpuProfile {
  readonly startTime: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  /** Node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface HotFunction {
  readonly name: string;
  /** File and line, as far below the package as it lies. */
  readonly place: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** Functions by the time spent in themselves, between two moments of the profile's clock, the hottest first. */
export function hottestFunctions(profile: CpuProfile, fromUs: number, toUs: number): HotFunction[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { name: string; place: string; us: number }>();
  let busyUs = 0;
  let nowUs = profile.startTime;
  for (const [i, id] of profile.samples.entries()) {
    nowUs += profile.timeDeltas[i] ?? 0;
    const frame = frames.get(id);
    // A sample stands for the time up to the next one.
    const us = profile.timeDeltas[i + 1] ?? 0;
    if (!frame || nowUs < fromUs || nowUs > toUs || frame.functionName === '(idle)') continue;
    const name = frame.functionName || '(anonymous)';
    const place = frame.url === '' ? '' : `${shortPlace(frame.url)}:${frame.lineNumber + 1}`;
    const key = `${name} ${place}`;
    const entry = times.get(key) ?? { name, place, us: 0 };
    entry.us += us;
    busyUs += us;
    times.set(key, entry);
  }
  return [...times.values()]
    .sort((a, b) => b.us - a.us)
    .map(({ name, place, us }) => ({ name, place, share: us / busyUs }));
}

const shortPlace = (url: string): string =>
  url.replace(/^file:\/\//, '').replace(/^.*\/(dist|node_modules)\//, '');
