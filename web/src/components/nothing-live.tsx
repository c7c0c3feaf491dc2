import { ServerFields } from './server-fields.tsx';

export interface NothingLiveProps {
  /** False: the operator does not list what is live. */
  readonly listed: boolean;
  /** rtmp://host of each way in, for the operator alone. Null: somebody else looks. */
  readonly servers: { readonly plain: string; readonly overTls: string | null } | null;
}

/** The public list without a stream in it. How to publish is the operator's business, so visitors are not told. */
export function NothingLive({ listed, servers }: NothingLiveProps) {
  return (
    <section class="guide" aria-labelledby="guide-title">
      <h1 id="guide-title">{listed ? 'Nothing is live' : 'This server does not list its streams'}</h1>
      <p class="quiet guide-lead">
        {listed
          ? 'Streams appear here by themselves as they start.'
          : 'To watch one, open the link that you were given.'}
      </p>
      {servers !== null && (
        <div class="guide-card">
          <h2>To publish</h2>
          <p class="quiet">
            Only you see this, because you are logged in. Give these to OBS (Settings, Stream, Service:
            Custom).
          </p>
          <ServerFields servers={servers} app="live" streamKey="main" />
          <p class="quiet small">
            An ffmpeg line, and what the encoder does, are on the <a href="/admin">dashboard</a>.
          </p>
        </div>
      )}
    </section>
  );
}
