import { Icon } from './icon.tsx';

/** A line in the corner of a picture that plays. It takes nothing away from it. */
export function PlayerNote({ text }: { readonly text: string }) {
  return (
    <p class="player-note">
      <Icon name="info" /> <span>{text}</span>
    </p>
  );
}
