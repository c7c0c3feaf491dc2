import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { KeysPanel } from '../components/keys-panel.tsx';
import { LiveBadge } from '../components/live-badge.tsx';
import { type Panel, type PlayerActions, PlayerControls } from '../components/player-controls.tsx';
import { PlayerMessage } from '../components/player-message.tsx';
import { PlayerNote } from '../components/player-note.tsx';
import { SharePanel } from '../components/share-panel.tsx';
import { SoundOnly } from '../components/sound-only.tsx';
import { StatsOverlay } from '../components/stats-overlay.tsx';
import { TrackMenu } from '../components/track-menu.tsx';
import { playerNote } from '../format/player-words.ts';
import type { Player, PlayerStatus } from '../player/player.ts';
import { StatsMeter } from '../player/stats-meter.ts';
import type { SentAway } from '../state/sent-away.ts';
import type { TrackChoice } from '../state/track-choices.ts';
import type { StreamLinks } from '../stream-links.ts';
import { useMediaSession } from './media-session.ts';
import { usePictureClicks } from './picture-clicks.ts';
import { usePlayerKeys } from './player-keys.ts';
import { SoundLevel } from './sound-level.tsx';
import { statsRows } from './stats-rows.ts';
import { useIdle } from './use-idle.ts';

export interface LivePlayerProps {
  readonly player: Player;
  readonly status: Signal<PlayerStatus>;
  readonly name: string;
  readonly links: StreamLinks;
  readonly controls: boolean;
  /** Viewers as the server counts them; null while not known. */
  readonly viewers: number | null;
  /** Where else something may be live; null where that is not known. */
  readonly listHref: string | null;
  readonly sentAway: SentAway | null;
  /** The status channel says that the stream has no picture. */
  readonly hasNoPicture: boolean;
  /** What can be chosen between; empty where there is one of each kind. */
  readonly tracks: readonly TrackChoice[];
  /** The one that plays. */
  readonly track: number;
  readonly onTrack: (id: number) => void;
}

/** The picture with everything that lies over it. */
export function LivePlayer(props: LivePlayerProps) {
  const { player, status, name, links, controls, viewers, tracks } = props;
  const root = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const panel = useSignal<Panel>(null);
  const fullscreen = useSignal(false);
  const soundUsed = useSignal(false);
  const idle = useIdle(root);
  const meter = useMemo(() => new StatsMeter(), []);

  useLayoutEffect(() => {
    stage.current?.append(player.video, player.freeze.canvas);
  }, [player]);
  useEffect(() => {
    const update = () => {
      fullscreen.value = document.fullscreenElement !== null;
    };
    document.addEventListener('fullscreenchange', update);
    return () => document.removeEventListener('fullscreenchange', update);
  }, [fullscreen]);

  const actions = useMemo(
    () => playerActions(player, root, panel, soundUsed),
    [player, root, panel, soundUsed],
  );
  usePlayerKeys(root, actions, player, panel);
  const onPictureClick = usePictureClicks(actions);

  const { view, stats, muted, volume } = status.value;
  const reading = meter.add(performance.now(), stats.frames, stats.receivedBytes);
  const held = view.paused || view.blocked;
  useMediaSession(player, name, held);
  const open = panel.value === 'tracks' && tracks.length === 0 ? null : panel.value;
  const hasSound = stats.plays?.audio !== false;
  const note = playerNote(view);
  const soundOnly = view.soundOnly && !held && (view.state === 'live' || view.state === 'buffering');
  // Without a picture the bar is all that moves.
  const quiet = idle.value && open === null && !held && !soundOnly;
  const close = () => {
    panel.value = null;
  };
  return (
    <main
      ref={root}
      class="player"
      data-state={view.state}
      data-paused={held}
      data-quiet={quiet}
      data-picture={view.hasPicture}
      data-sound-only={soundOnly}
      data-first-frame-ms={stats.firstFrameMs === null ? undefined : Math.round(stats.firstFrameMs)}
      data-start-ms={stats.startMs === null ? undefined : Math.round(stats.startMs)}
      data-latency={view.latency?.toFixed(2)}
      data-engine={stats.engine ?? undefined}
      data-transport={stats.transport}
      data-opened={stats.opened}
      data-track={props.track}
      aria-label={`Live stream ${name}`}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Space and f do the same from the keyboard. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the buttons below say it. */}
      <div
        class="player-stage"
        ref={stage}
        onClick={onPictureClick.click}
        onDblClick={onPictureClick.doubleClick}
      />
      {!held && (
        <PlayerMessage
          state={view.state}
          reason={view.reason}
          message={view.message}
          retryInMs={view.retryInMs}
          stillMs={view.stillMs}
          hasPicture={view.hasPicture}
          soundOnly={view.soundOnly || props.hasNoPicture}
          name={name}
          urls={links}
          listHref={props.listHref}
          sentAway={props.sentAway}
          onRetry={() => player.retry()}
        />
      )}
      {soundOnly && (
        <SoundOnly name={name} muted={muted} note={note} meter={<SoundLevel video={player.video} />} />
      )}
      {note !== null && !soundOnly && !held && <PlayerNote text={note} />}
      {held && <BigPlay blocked={view.blocked} hasPicture={view.hasPicture} onClick={actions.togglePlay} />}
      {muted && !soundUsed.value && view.state === 'live' && !held && hasSound && (
        <button type="button" class="big-unmute" onClick={actions.toggleMute}>
          <Icon name="muted" /> Unmute
        </button>
      )}
      {controls && (
        <>
          <header class="player-top">
            <span class="player-name mono">{name}</span>
            {viewers !== null && (
              <span class="player-viewers" title="Viewers">
                <Icon name="eye" /> {viewers}
              </span>
            )}
          </header>
          <PlayerControls
            actions={actions}
            paused={held}
            muted={muted}
            volume={volume}
            hasSound={hasSound}
            fullscreen={fullscreen.value}
            canFullscreen={document.fullscreenEnabled}
            canPictureInPicture={document.pictureInPictureEnabled === true}
            openPanel={open}
            hasTracks={tracks.length > 0}
            badge={
              <LiveBadge
                state={view.state}
                reason={view.reason}
                paused={view.paused}
                latency={view.latency}
                onCatchUp={() => (view.paused ? player.play() : player.catchUp())}
              />
            }
          />
        </>
      )}
      {open === 'stats' && <StatsOverlay rows={statsRows(status.value, reading)} onClose={close} />}
      {open === 'share' && (
        <SharePanel
          links={[
            { label: 'Watch page', text: links.watch },
            { label: 'Embed code', text: links.embedCode },
            { label: 'HTTP-FLV', text: links.httpFlv },
            { label: 'WebSocket-FLV', text: links.wsFlv },
            { label: 'RTMP', text: links.rtmp },
          ]}
          onClose={close}
        />
      )}
      {open === 'tracks' && (
        <TrackMenu choices={tracks} chosen={props.track} onChoose={props.onTrack} onClose={close} />
      )}
      {open === 'help' && <KeysPanel onClose={close} />}
    </main>
  );
}

interface BigPlayProps {
  readonly blocked: boolean;
  readonly hasPicture: boolean;
  readonly onClick: () => void;
}

function BigPlay({ blocked, hasPicture, onClick }: BigPlayProps) {
  const words = hasPicture ? 'Play from now' : 'Play';
  return (
    <button type="button" class="big-play" onClick={onClick}>
      <Icon name="play" />
      <span>{blocked ? 'Play: this browser waits for a click' : words}</span>
    </button>
  );
}

function playerActions(
  player: Player,
  root: { readonly current: HTMLElement | null },
  panel: Signal<Panel>,
  soundUsed: Signal<boolean>,
): PlayerActions {
  const toggle = (which: Panel) => () => {
    panel.value = panel.value === which ? null : which;
  };
  return {
    togglePlay: () => player.togglePlay(),
    catchUp: () => player.catchUp(),
    toggleMute() {
      if (player.status().stats.plays?.audio === false) return;
      soundUsed.value = true;
      player.setMuted(!player.video.muted);
      if (!player.video.muted && player.video.volume === 0) player.setVolume(0.5);
    },
    setVolume(volume) {
      soundUsed.value = true;
      player.setVolume(volume);
    },
    toggleFullscreen() {
      const done = document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen();
      void done?.catch(() => {});
    },
    togglePictureInPicture() {
      const done = document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : player.video.requestPictureInPicture();
      void done.catch(() => {});
    },
    toggleStats: toggle('stats'),
    toggleShare: toggle('share'),
    toggleHelp: toggle('help'),
    toggleTracks: toggle('tracks'),
  };
}
