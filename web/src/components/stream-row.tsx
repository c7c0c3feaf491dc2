import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Stream } from '../../../shared/contract/streams.ts';
import { audioLabel, sizeLabel, videoCodecLabel } from '../format/codecs.ts';
import {
  type Figure as FigureValue,
  formatBitrate,
  formatCount,
  formatFrameRate,
  unknownFigure,
} from '../format/numbers.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { Figure } from './figure.tsx';
import { Icon } from './icon.tsx';
import { Sparkline, type SparklineProps } from './sparkline.tsx';
import { type Signal, StateWord } from './state-word.tsx';
import { Uptime } from './uptime.tsx';
import { WarningList } from './warning-list.tsx';

export interface StreamRowProps {
  readonly stream: Stream;
  readonly health: Signal;
  readonly history: SparklineProps['points'];
  readonly historyMs: number;
  readonly now: ReadonlySignal<number>;
  /** Null on the stream's own page. */
  readonly pageHref: string | null;
  readonly watchHref: string;
  /** The running picture, or null while none is wanted. */
  readonly preview: ComponentChildren;
  readonly onTogglePreview: () => void;
  /** What the end of the stream will do. */
  readonly endConsequence: string;
  readonly onKick: () => Promise<void>;
}

/** One row answers: is it on air, is it healthy, who watches. */
export function StreamRow(props: StreamRowProps) {
  const { stream, health, now } = props;
  return (
    <li class="stream-row" data-signal={health} data-stream={stream.name}>
      <div class="stream-preview">
        {props.preview ?? (
          <button type="button" class="preview-off" onClick={props.onTogglePreview}>
            <Icon name="eye" />
            <span>Preview</span>
            <span class="visually-hidden"> of {stream.name}</span>
          </button>
        )}
      </div>
      <div class="stream-main">
        <div class="stream-head">
          {props.pageHref === null ? (
            <h1 class="stream-name mono">{stream.name}</h1>
          ) : (
            <a class="stream-name mono" href={props.pageHref}>
              {stream.name}
            </a>
          )}
          <StateWord signal={health} />
          <span class="stream-uptime" title="On air for">
            <Uptime since={stream.startedAt} now={now} />
          </span>
        </div>
        <dl class="stream-figures">
          <Cell label="Video">
            {stream.video === null ? missingTrack(stream) : videoCodecLabel(stream.video)}
          </Cell>
          <Cell label="Size">{sizeLabel(stream.video) ?? '–'}</Cell>
          <Cell label="Rate" figure={frameRateFigure(stream)} />
          <Cell label="Audio">{stream.audio === null ? missingTrack(stream) : audioLabel(stream.audio)}</Cell>
          <Cell label="In">
            <span class="with-sparkline">
              <Figure figure={formatBitrate(stream.kbpsIn)} />
              <Sparkline points={props.history} spanMs={props.historyMs} label="Bitrate in, last 60 s" />
            </span>
          </Cell>
          <Cell label="Out" figure={formatBitrate(stream.kbpsOut)} />
          <Cell label="Keyframe every" figure={keyframeFigure(stream)} />
          <Cell label="Viewers">
            <span class="viewer-cell">
              <strong>{formatCount(stream.viewers.total)}</strong>
              <span class="unit">{viewerSplit(stream)}</span>
            </span>
          </Cell>
        </dl>
        <WarningList warnings={stream.warnings} />
        <div class="stream-actions">
          {props.pageHref !== null && (
            <a class="button plain" href={props.pageHref}>
              <Icon name="info" /> Details
            </a>
          )}
          <a class="button plain" href={props.watchHref} target="_blank" rel="noopener">
            <Icon name="open" /> Watch
          </a>
          {props.preview !== null && (
            <button type="button" class="button plain" onClick={props.onTogglePreview}>
              <Icon name="close" /> Stop preview
            </button>
          )}
          <ConfirmButton
            icon="stop"
            label="End"
            consequence={props.endConsequence}
            action="End it"
            onConfirm={props.onKick}
          />
        </div>
      </div>
    </li>
  );
}

function Cell(props: {
  readonly label: string;
  readonly figure?: FigureValue;
  readonly children?: ComponentChildren;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.figure === undefined ? props.children : <Figure figure={props.figure} />}</dd>
    </div>
  );
}

/** While a stream starts nobody knows what it will have. */
function missingTrack(stream: Stream): string {
  return stream.state === 'starting' ? '–' : 'none';
}

function frameRateFigure(stream: Stream): FigureValue {
  return stream.frameRate === null
    ? unknownFigure
    : { value: formatFrameRate(stream.frameRate), unit: 'fps' };
}

function keyframeFigure(stream: Stream): FigureValue {
  return stream.keyframeIntervalMs === null
    ? unknownFigure
    : { value: (stream.keyframeIntervalMs / 1000).toFixed(1), unit: 's' };
}

/** "ws 164  http 18  rtmp 1", only what there is. */
function viewerSplit({ viewers }: Stream): string {
  return [
    ['ws', viewers.wsFlv],
    ['http', viewers.httpFlv],
    ['rtmp', viewers.rtmp],
  ]
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name} ${formatCount(Number(count))}`)
    .join('  ');
}
