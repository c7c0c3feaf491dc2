import { parseStreamName, type StreamNameResult } from '../../shared/media/stream-name.ts';
import { withoutAuth } from './publisher-auth.ts';
import type { ConnectRequest } from './session-event.ts';

/** What a client means that asks for a stream by this raw name on a connection like this. Without one, the name is the whole path. */
export function askedName(
  request: Pick<ConnectRequest, 'app' | 'tcUrl' | 'swfUrl' | 'flashVer'> | undefined,
  name: string,
): StreamNameResult {
  if (request === undefined) return parseStreamName({ app: '', name });
  const { app, tcUrl, swfUrl, flashVer } = request;
  return parseStreamName({
    app: withoutAuth(app),
    name,
    tcUrl: withoutAuth(tcUrl),
    swfUrl: withoutAuth(swfUrl),
    flashVer,
  });
}
