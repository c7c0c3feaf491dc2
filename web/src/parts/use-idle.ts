import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const idleMs = 2000;

/** True once nothing was moved, touched or pressed on the element for two seconds. */
export function useIdle(element: { readonly current: HTMLElement | null }): ReadonlySignal<boolean> {
  const idle = useSignal(false);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      idle.value = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        idle.value = true;
      }, idleMs);
    };
    const leave = () => {
      idle.value = true;
    };
    const waking = ['pointermove', 'pointerdown', 'focusin'] as const;
    for (const type of waking) target.addEventListener(type, wake);
    document.addEventListener('keydown', wake);
    target.addEventListener('pointerleave', leave);
    wake();
    return () => {
      clearTimeout(timer);
      for (const type of waking) target.removeEventListener(type, wake);
      document.removeEventListener('keydown', wake);
      target.removeEventListener('pointerleave', leave);
    };
  }, [element, idle]);
  return idle;
}
