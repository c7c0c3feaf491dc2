import { median } from './statistics.ts';

/** A table as it is printed and as it stands in the docs. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below it. */
  readonly notes?: readonly string[];
}

/** Markdown, padded so that it reads well in a terminal, too. The first column is text, the others are figures. */
export function renderTable({ title, columns, rows, notes = [] }: Table): string {
  const widths = columns.map((column, i) => Math.max(3, column.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const table = [line(columns), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
  return [`**${title}**`, table, ...notes].join('\n\n');
}

const NONE = '–';

/** A number with so many digits behind the point; a dash for what was not measured. */
export function formatFigure(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? NONE : value.toFixed(digits);
}

/** The median of a figure of several runs. */
export function formatMedian<T>(
  runs: readonly T[],
  figure: (run: T) => number | undefined,
  digits: number,
): string {
  return formatFigure(median(runs.map(figure)), digits);
}

/** `1.2 / 3.4`; a dash when neither was measured. */
export function formatPair(a: number | undefined, b: number | undefined, digits: number): string {
  if (a === undefined && b === undefined) return NONE;
  return `${formatFigure(a, digits)} / ${formatFigure(b, digits)}`;
}

/** `0.31x` */
export function formatRatio(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? NONE : `${value.toFixed(2)}x`;
}

/** `1.30 (1.25–1.41)`: the median and how far the runs lay apart. */
export function formatSpread(
  middle: number | undefined,
  values: readonly (number | undefined)[],
  digits: number,
): string {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (known.length < 2) return formatFigure(middle, digits);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${formatFigure(middle, digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
