import type { Figure as FigureValue } from '../format/numbers.ts';

/** A number with its unit small beside it. */
export function Figure({ figure }: { readonly figure: FigureValue }) {
  return (
    <span class="figure">
      {figure.value}
      {figure.unit !== '' && <span class="unit">{figure.unit}</span>}
    </span>
  );
}
