import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** What can be open over the picture. */
export type Panel = 'stats' | 'share' | 'help' | 'tracks' | null;

export interface PlayerActions {
  togglePlay(): void;
  toggleMute(): void;
  setVolume(volume: number): void;
  toggleFullscreen(): void;
  togglePictureInPicture(): void;
  catchUp(): void;
  toggleStats(): void;
  toggleShare(): void;
  toggleHelp(): void;
  toggleTracks(): void;
}

export interface PlayerControlsProps {
  readonly actions: PlayerActions;
  readonly paused: boolean;
  readonly muted: boolean;
  readonly volume: number;
  /** False: the stream has no sound, or none that can be played. */
  readonly hasSound: boolean;
  readonly fullscreen: boolean;
  readonly canFullscreen: boolean;
  readonly canPictureInPicture: boolean;
  readonly openPanel: Panel;
  /** There are several tracks of a kind. */
  readonly hasTracks: boolean;
  readonly badge: ComponentChildren;
}

/** The bar under the picture. */
export function PlayerControls(props: PlayerControlsProps) {
  const { actions, openPanel } = props;
  return (
    <div class="player-controls" role="toolbar" aria-label="Player">
      <ControlButton
        icon={props.paused ? 'play' : 'pause'}
        label={props.paused ? 'Play' : 'Pause'}
        hint="Space"
        onClick={actions.togglePlay}
      />
      <div class="player-volume">
        <ControlButton
          icon={props.muted || !props.hasSound ? 'muted' : 'volume'}
          label={props.hasSound ? (props.muted ? 'Unmute' : 'Mute') : 'No sound in this stream'}
          hint="m"
          disabled={!props.hasSound}
          onClick={actions.toggleMute}
        />
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={props.muted || !props.hasSound ? 0 : props.volume}
          disabled={!props.hasSound}
          aria-label="Volume"
          onInput={(event) => actions.setVolume(event.currentTarget.valueAsNumber)}
        />
      </div>
      {props.badge}
      <span class="player-controls-space" />
      {props.hasTracks && (
        <ControlButton
          icon="tracks"
          label="Tracks"
          hint="t"
          pressed={openPanel === 'tracks'}
          onClick={actions.toggleTracks}
        />
      )}
      <ControlButton
        icon="info"
        label="Statistics"
        hint="i"
        pressed={openPanel === 'stats'}
        onClick={actions.toggleStats}
      />
      <ControlButton
        icon="link"
        label="Share"
        hint="l"
        pressed={openPanel === 'share'}
        onClick={actions.toggleShare}
      />
      <ControlButton
        icon="help"
        label="Keys"
        hint="?"
        pressed={openPanel === 'help'}
        onClick={actions.toggleHelp}
      />
      {props.canPictureInPicture && (
        <ControlButton
          icon="pip"
          label="Picture in picture"
          hint="p"
          onClick={actions.togglePictureInPicture}
        />
      )}
      {props.canFullscreen && (
        <ControlButton
          icon={props.fullscreen ? 'windowed' : 'fullscreen'}
          label={props.fullscreen ? 'Leave full screen' : 'Full screen'}
          hint="f"
          onClick={actions.toggleFullscreen}
        />
      )}
    </div>
  );
}

interface ControlButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly hint: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function ControlButton({ icon, label, hint, pressed, disabled = false, onClick }: ControlButtonProps) {
  return (
    <button
      type="button"
      class="control-button"
      aria-label={label}
      aria-pressed={pressed}
      title={`${label} (${hint})`}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
