export type Signal = 'good' | 'warning' | 'failing' | 'silent' | 'starting';

const words: Readonly<Record<Signal, string>> = {
  good: 'on air',
  warning: 'on air, needs a look',
  failing: 'interrupted',
  silent: 'silent',
  starting: 'starting',
};

/** A dot and the word for it: never colour alone. */
export function StateWord({ signal }: { readonly signal: Signal }) {
  return (
    <span class="state-word" data-signal={signal}>
      <span class="state-dot" aria-hidden="true" />
      {words[signal]}
    </span>
  );
}
