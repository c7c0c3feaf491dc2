import { previewPrefix } from '../../shared/contract/preview-path.ts';
import { serverAddress, webSocketOrigin } from '../../shared/media/server-address.ts';
import { encodeStreamPath } from '../../shared/media/stream-name.ts';

/** Every address of one stream, made from where this page was loaded. */
export interface StreamLinks {
  readonly watch: string;
  readonly embed: string;
  readonly embedCode: string;
  readonly httpFlv: string;
  readonly wsFlv: string;
  readonly rtmp: string;
  /** Null: the server has no RTMP over TLS. */
  readonly rtmps: string | null;
  /** Path of the media from the root, for the operator: who looks there is not counted as a viewer. */
  readonly previewPath: string;
  readonly watchPath: string;
}

/** The part of `location` that addresses are made of. */
export type Place = Pick<Location, 'origin' | 'hostname'>;

/** Ports of RTMP as the server says them. Null: not known yet, or not listened on. */
export interface RtmpPorts {
  readonly rtmpPort: number | null;
  readonly rtmpsPort: number | null;
}

export const unknownPorts: RtmpPorts = { rtmpPort: null, rtmpsPort: null };

/** `track` 0 is the default one. */
export function streamLinks(name: string, place: Place, ports: RtmpPorts, track = 0): StreamLinks {
  const path = encodeStreamPath(name);
  const query = track === 0 ? '' : `?track=${track}`;
  const embed = `${place.origin}/embed/${path}${query}`;
  const rtmp = rtmpServers(place, ports);
  return {
    watch: `${place.origin}/watch/${path}${query}`,
    watchPath: `/watch/${path}`,
    embed,
    embedCode: `<iframe src="${embed}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`,
    httpFlv: `${place.origin}/${path}.flv${query}`,
    wsFlv: `${webSocketOrigin(place.origin)}/${path}.flv${query}`,
    // RTMP knows no percent-encoding: encoders and players send the name as it is written.
    rtmp: `${rtmp.plain}/${name}${query}`,
    rtmps: rtmp.overTls === null ? null : `${rtmp.overTls}/${name}${query}`,
    previewPath: `${previewPrefix}/${path}.flv`,
  };
}

/** What comes before the app in an encoder's address. */
export function rtmpServers(place: Place, { rtmpPort, rtmpsPort }: RtmpPorts) {
  return {
    plain: serverAddress('rtmp', place.hostname, rtmpPort),
    overTls: rtmpsPort === null ? null : serverAddress('rtmps', place.hostname, rtmpsPort),
  };
}

/** Whether a host names the machine that the page is looked at on, and nothing else. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Where a login stands in an address: ffmpeg takes it from there. */
export const withLogin = (server: string): string => server.replace('://', '://USER:PASSWORD@');
