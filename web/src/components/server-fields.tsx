import { CopyField } from './copy-field.tsx';

export interface ServerFieldsProps {
  /** rtmp://host and, where there is TLS, rtmps://host. */
  readonly servers: { readonly plain: string; readonly overTls: string | null };
  readonly app: string;
  readonly streamKey: string;
}

/** What an encoder asks for, to be copied. */
export function ServerFields({ servers, app, streamKey }: ServerFieldsProps) {
  return (
    <>
      <CopyField label="Server" text={`${servers.plain}/${app}`} />
      {servers.overTls !== null && <CopyField label="Server, over TLS" text={`${servers.overTls}/${app}`} />}
      <CopyField label="Stream key" text={streamKey} />
    </>
  );
}
