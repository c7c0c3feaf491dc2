import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

export interface SoundOnlyProps {
  readonly name: string;
  readonly muted: boolean;
  /** Why there is no picture, where there could be one. */
  readonly note: string | null;
  /** Shows how loud it is, where the browser tells. */
  readonly meter: ComponentChildren;
}

/** What a stream without a picture shows in its place. */
export function SoundOnly({ name, muted, note, meter }: SoundOnlyProps) {
  return (
    <div class="sound-only">
      <Icon name={muted ? 'muted' : 'volume'} />
      <p class="sound-only-name mono">{name}</p>
      <h2>Sound only</h2>
      {muted ? <p class="sound-only-text">Muted. Press m or Unmute to hear it.</p> : meter}
      {note !== null && <p class="sound-only-text">{note}</p>}
    </div>
  );
}
