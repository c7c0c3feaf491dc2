import { CopyField } from './copy-field.tsx';
import { ServerFields, type ServerFieldsProps } from './server-fields.tsx';

export interface EmptyGuideProps {
  readonly servers: ServerFieldsProps['servers'];
  readonly app: string;
  readonly streamKey: string;
  /** Encoders have to give the user name and password of the settings. */
  readonly needsLogin: boolean;
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
  const { servers, app, streamKey, needsLogin, isLocal, ffmpeg, stage, message } = props;
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
            <li>
              Paste Server and Stream key
              {needsLogin && ', and tick Use authentication for the user name and the password'}.
            </li>
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
            Any key will do: it becomes the address of the watch page. For viewers, also set Output, Output
            Mode: Advanced, Keyframe Interval: 2 s.
          </p>
        </div>
        <div class="guide-card">
          <h2>ffmpeg</h2>
          <p class="quiet">A test picture with a tone, if there is no camera at hand:</p>
          <CopyField label="Command" text={ffmpeg} whole={true} />
          {needsLogin && (
            <p class="quiet small">
              Write the user name and the password for publishing in the place of USER and PASSWORD.
            </p>
          )}
        </div>
      </div>
    </section>
  );
}
