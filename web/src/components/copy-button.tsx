import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const confirmMs = 1600;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who cannot see what stands beside it. */
  readonly label: string;
  /** Words on the button. Without, the icon alone. */
  readonly caption?: string;
}

/** Copies and says that it did. */
export function CopyButton({ text, label, caption }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => setCopied(await copyText(text));
  return (
    <button
      type="button"
      class={`button plain copy-button${caption === undefined ? ' icon-only' : ''}`}
      aria-label={copied ? `${label}: copied` : `Copy ${label}`}
      title={copied ? 'Copied' : `Copy ${label}`}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      {caption !== undefined && <span>{copied ? 'Copied' : caption}</span>}
      <span class="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

/** The clipboard API exists on https and localhost only; a server on a LAN needs the older way. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
