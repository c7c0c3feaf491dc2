import { CopyField } from './copy-field.tsx';
import { ServerFields, type ServerFieldsProps } from './server-fields.tsx';

export interface EmptyGuideProps {
  readonly servers: ServerFieldsProps['servers'];
  readonly app: string;
  readonly streamKey: string;
  /** The page was opened on the server itself: its addresses are good on that machine alone. */
  readonly isLocal: boolean;
  readonly ffmpeg: string;
  readonly stage: 'waiting' | 'connected' | 'on-air' | 'refused';
  readonly message: string;
}

const steps = ['waiting', 'connected', 'on-air'] as const;
const stepWords: Readonly<Record<(typeof steps)[number], string>> = {
  waiting: 'waiting',
  connected: 'connected',
  'on-air': 'on air',
};

/** The way in, for a server that nobody publishes to yet. */
export function EmptyGuide(props: EmptyGuideProps) {
  const { servers, app, streamKey, isLocal, ffmpeg, stage, message } = props;
  const reached = stage === 'refused' ? 0 : steps.indexOf(stage);
  return (
    <section class="guide" aria-labelledby="guide-title">
      <h1 id="guide-title">Nobody is live</h1>
      <p class="quiet guide-lead">Point an encoder here and it shows up on this page by itself.</p>
      <div class="guide-tracker" data-stage={stage} role="status">
        <ol>
          {steps.map((step, index) => (
            <li key={step} data-reached={index <= reached} data-current={index === reached}>
              <span class="state-dot" aria-hidden="true" />
              {stepWords[step]}
            </li>
          ))}
        </ol>
        <p>{message}</p>
      </div>
      <div class="guide-columns">
        <div class="guide-card">
          <h2>OBS</h2>
          <ol class="guide-steps">
            <li>Settings, then Stream. Service: Custom.</li>
            <li>Paste these two.</li>
            <li>OK, then Start Streaming.</li>
          </ol>
          <ServerFields servers={servers} app={app} streamKey={streamKey} />
          {isLocal && (
            <p class="quiet small">
              On other machines write the address of this one instead of localhost. The server prints it at
              its start.
            </p>
          )}
          <p class="quiet small">
            Any key will do: it becomes the address of the watch page. A keyframe interval of 2 s suits
            viewers best.
          </p>
        </div>
        <div class="guide-card">
          <h2>ffmpeg</h2>
          <p class="quiet">A test picture with a tone, if there is no camera at hand:</p>
          <CopyField label="Command" text={ffmpeg} whole={true} />
        </div>
      </div>
    </section>
  );
}
