import { CopyButton } from './copy-button.tsx';

/** A line of text to be taken elsewhere: shown whole, selected by a click, copied by a button. */
export function CopyField({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div class="copy-field">
      <span class="label">{label}</span>
      <div class="field">
        <code>{text}</code>
        <CopyButton text={text} label={label} />
      </div>
    </div>
  );
}
