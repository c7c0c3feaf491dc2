/** What the keys of the player do. */
export type PlayerKey =
  | 'toggle-play'
  | 'toggle-mute'
  | 'toggle-fullscreen'
  | 'toggle-picture-in-picture'
  | 'catch-up'
  | 'toggle-stats'
  | 'toggle-tracks'
  | 'toggle-share'
  | 'toggle-help'
  | 'louder'
  | 'quieter'
  | 'close';

/**
 * What has the focus. `text`: somebody types there. `button`: reached with the keyboard, so that Space presses it. `choice`: radio
 * buttons, which Space and arrows belong to. `slider`: arrows belong to it.
 */
export type FocusedControl = 'none' | 'text' | 'button' | 'choice' | 'slider';

/** The part of a KeyboardEvent that counts. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** The key is held down and reports again. */
  readonly repeat: boolean;
}

const byLetter: Readonly<Record<string, PlayerKey>> = {
  k: 'toggle-play',
  m: 'toggle-mute',
  f: 'toggle-fullscreen',
  p: 'toggle-picture-in-picture',
  c: 'catch-up',
  i: 'toggle-stats',
  t: 'toggle-tracks',
  l: 'toggle-share',
};

/** Undefined: the key is not the player's. */
export function playerKey(press: KeyPress, focused: FocusedControl): PlayerKey | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || focused === 'text') return undefined;
  const key = keyOf(press, focused);
  // Held down, only the volume goes on changing.
  return press.repeat && key !== 'louder' && key !== 'quieter' ? undefined : key;
}

function keyOf(press: KeyPress, focused: FocusedControl): PlayerKey | undefined {
  const ownsArrows = focused === 'slider' || focused === 'choice';
  const ownsSpace = focused === 'button' || focused === 'choice';
  switch (press.key) {
    case ' ':
      return ownsSpace ? undefined : 'toggle-play';
    case '?':
      return 'toggle-help';
    case 'ArrowUp':
      return ownsArrows ? undefined : 'louder';
    case 'ArrowDown':
      return ownsArrows ? undefined : 'quieter';
    case 'Escape':
      return 'close';
    default:
      return byLetter[letterOf(press)];
  }
}

/**
 * The letter on a Latin keyboard, whatever Caps Lock and Shift make of it. In another script the key is known by
 * its place: with a Cyrillic layout "ь" lies where "m" is.
 */
function letterOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const isOtherScript = key === 'Dead' || key === 'Process' || /^\P{ASCII}$/u.test(key);
  return isOtherScript ? (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? '') : '';
}
