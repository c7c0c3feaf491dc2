import { parseStreamName, type StreamNameResult } from '../../shared/media/stream-name.ts';
import { withoutAuth } from './publisher-auth.ts';
import type { ConnectRequest } from './session-event.ts';

/** What a client means that asks for a stream by this raw name on a connection like this. Without one, the name is the whole path. */
export const askedName = (request: Pick<ConnectRequest, 'app'> | undefined, name: string): StreamNameResult =>
  parseStreamName({ app: withoutAuth(request?.app ?? ''), name });
