import type { StreamWarning } from '../../../shared/contract/streams.ts';
import { Icon } from './icon.tsx';

/** What is wrong, what it means and what to change. */
export function WarningList({ warnings }: { readonly warnings: readonly StreamWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings">
      {warnings.map((warning) => (
        <li key={warning.code}>
          <Icon name="warning" />
          <p>
            {warning.message} <span class="quiet">{warning.advice}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
