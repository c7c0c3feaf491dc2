import { signal } from '@preact/signals';

export type Theme = 'dark' | 'light';

const storageKey = 'sluice-theme';
const systemLight = matchMedia('(prefers-color-scheme: light)');

/** What is shown now. Without a choice of the reader's own it follows the system. */
export const theme = signal<Theme>(chosen() ?? (systemLight.matches ? 'light' : 'dark'));

/** Applies what was chosen on an earlier visit. */
export function startTheme(): void {
  const choice = chosen();
  if (choice !== null) document.documentElement.dataset.theme = choice;
  systemLight.addEventListener('change', () => {
    if (chosen() === null) theme.value = systemLight.matches ? 'light' : 'dark';
  });
}

export function toggleTheme(): void {
  const next: Theme = theme.value === 'dark' ? 'light' : 'dark';
  theme.value = next;
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Storage may be switched off: then the choice lasts as long as the page.
  }
}

function chosen(): Theme | null {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}
