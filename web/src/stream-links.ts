/** Every address of one stream, made from where this page was loaded. */
export interface StreamLinks {
  readonly watch: string;
  readonly embed: string;
  readonly embedCode: string;
  readonly httpFlv: string;
  readonly wsFlv: string;
  readonly rtmp: string;
  /** Path of the media from the root. */
  readonly mediaPath: string;
  readonly watchPath: string;
}

const defaultRtmpPort = 1935;

/** `rtmpPort` null: not known to this page, the usual one is assumed. `track` 0 is the default one. */
export function streamLinks(
  name: string,
  place: { readonly origin: string; readonly hostname: string },
  rtmpPort: number | null,
  track = 0,
): StreamLinks {
  const path = name.split('/').map(encodeURIComponent).join('/');
  const query = track === 0 ? '' : `?track=${track}`;
  const embed = `${place.origin}/embed/${path}${query}`;
  return {
    watch: `${place.origin}/watch/${path}${query}`,
    watchPath: `/watch/${path}`,
    embed,
    embedCode: `<iframe src="${embed}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`,
    httpFlv: `${place.origin}/${path}.flv${query}`,
    wsFlv: `${place.origin.replace(/^http/, 'ws')}/${path}.flv${query}`,
    rtmp: `${rtmpServer(place.hostname, rtmpPort)}/${path}${query}`,
    mediaPath: `/${path}.flv`,
  };
}

/** rtmp://host, with the port where it is not the usual one. */
export function rtmpServer(hostname: string, rtmpPort: number | null): string {
  const port = rtmpPort === null || rtmpPort === defaultRtmpPort ? '' : `:${rtmpPort}`;
  return `rtmp://${hostname}${port}`;
}
