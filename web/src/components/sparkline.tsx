export interface SparklineProps {
  readonly points: readonly { readonly atMs: number; readonly kbps: number }[];
  /** Width of the time axis, the same for all. */
  readonly spanMs: number;
  readonly label: string;
}

const width = 120;
const height = 24;
/** Longer than this without a point is a gap, and drawn as one. */
const gapMs = 3500;

/** The last minute of a rate, from zero. */
export function Sparkline({ points, spanMs, label }: SparklineProps) {
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <path d={linePath(points, spanMs)} />
    </svg>
  );
}

function linePath(points: SparklineProps['points'], spanMs: number): string {
  const newest = points.at(-1)?.atMs ?? 0;
  const top = Math.max(1, ...points.map((point) => point.kbps)) * 1.15;
  let before = Number.NEGATIVE_INFINITY;
  return points
    .map(({ atMs, kbps }) => {
      const x = width - ((newest - atMs) / spanMs) * width;
      const y = height - 1 - (kbps / top) * (height - 2);
      const pen = atMs - before > gapMs ? 'M' : 'L';
      before = atMs;
      return `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
