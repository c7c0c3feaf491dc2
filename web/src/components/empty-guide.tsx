import { CopyField } from './copy-field.tsx';

export interface EmptyGuideProps {
  /** rtmp://host/live */
  readonly server: string;
  readonly streamKey: string;
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
export function EmptyGuide({ server, streamKey, ffmpeg, stage, message }: EmptyGuideProps) {
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
          <CopyField label="Server" text={server} />
          <CopyField label="Stream key" text={streamKey} />
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
