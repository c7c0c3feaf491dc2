import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface ConfirmButtonProps {
  readonly icon: IconName;
  /** On the first button. */
  readonly label: string;
  /** What will be done, in full: "End live/main for 182 viewers". */
  readonly consequence: string;
  /** On the button that does it. */
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
}

type Step = 'idle' | 'asking' | 'busy' | { readonly failed: string };

/** Asks once, in place, and says what it will do. */
export function ConfirmButton({ icon, label, consequence, action, onConfirm }: ConfirmButtonProps) {
  const [step, setStep] = useState<Step>('idle');
  const keep = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (step === 'asking') keep.current?.focus();
    // Whoever took the question back goes on from where it was asked.
    else if (step === 'idle' && wasAsked.current) first.current?.focus();
    wasAsked.current = step !== 'idle';
  }, [step]);
  if (step === 'idle') {
    return (
      <button type="button" class="button plain" ref={first} onClick={() => setStep('asking')}>
        <Icon name={icon} /> {label}
      </button>
    );
  }
  const run = async () => {
    setStep('busy');
    try {
      await onConfirm();
      setStep('idle');
    } catch (error) {
      setStep({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
  const failed = typeof step === 'object' ? step.failed : null;
  return (
    <fieldset
      class="confirm"
      aria-label={consequence}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setStep('idle');
      }}
    >
      <span class="confirm-text" role={failed === null ? undefined : 'alert'}>
        {failed ?? `${consequence}?`}
      </span>
      <button type="button" class="button danger" disabled={step === 'busy'} onClick={() => void run()}>
        {failed === null ? action : 'Try again'}
      </button>
      <button type="button" class="button" ref={keep} onClick={() => setStep('idle')}>
        {failed === null ? 'Keep' : 'Close'}
      </button>
    </fieldset>
  );
}
