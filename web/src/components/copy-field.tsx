import { CopyButton } from './copy-button.tsx';

/** A line of text to be taken elsewhere: shown whole, selected by a click, copied by a button. */
export function CopyField({
  label,
  text,
  whole = false,
}: {
  readonly label: string;
  readonly text: string;
  /** Breaks a long text over lines instead of letting it scroll. */
  readonly whole?: boolean;
}) {
  return (
    <div class="copy-field">
      <span class="label">{label}</span>
      <div class="field" data-whole={whole}>
        {whole ? (
          <code>{text}</code>
        ) : (
          <input
            class="mono"
            readOnly
            value={text}
            aria-label={label}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
        <CopyButton text={text} label={label} />
      </div>
    </div>
  );
}
