import { programName } from '../../shared/media/program-name.ts';
import type { HubView } from '../hub/hub-view.ts';
import type { SessionSnapshot } from '../hub/snapshot.ts';

interface EventLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Writes who comes and goes into the log; each line carries the id of its connection. */
export function logEvents(hub: HubView, log: EventLogger): () => void {
  return hub.subscribeEvents((event) => {
    const { stream } = event;
    switch (event.type) {
      case 'published':
        log.info({ ...encoder(event.session), stream }, 'published');
        return;
      case 'resumed':
        log.info({ ...encoder(event.session), stream }, 'resumed');
        return;
      case 'encoder-named':
        log.info({ ...encoder(event.session), stream }, 'the encoder named itself');
        return;
      case 'interrupted':
        log.info({ stream, graceMs: event.graceMs }, 'the publisher dropped; viewers are held');
        return;
      case 'ended':
        log.info({ stream }, `stream ended: ${event.reason}`);
        return;
      case 'viewer-joined':
        log.info({ ...who(event.session), stream }, `${kindOf(event.session)} joined`);
        return;
      case 'viewer-left':
        log.info(
          { ...who(event.session), ...figures(event.session), stream, reason: event.reason },
          `${kindOf(event.session)} left`,
        );
        return;
      case 'warning':
        log.warn({ stream, code: event.warning.code, advice: event.warning.advice }, event.warning.message);
        return;
      case 'warning-over':
        log.info({ stream, code: event.code }, 'the warning is over');
        return;
      case 'changed':
        return;
      default:
        return event satisfies never;
    }
  });
}

/** A delivery worker takes a stream as a viewer does, and so does the operator's preview; both are none. */
const kindOf = ({ protocol, isPreview }: SessionSnapshot): string =>
  protocol === 'relay' ? 'delivery worker' : isPreview ? 'preview of the operator' : 'viewer';

const who = ({ id, protocol, address }: SessionSnapshot) => ({ conn: id, protocol, address });

/** Who publishes; its program is often known by its metadata only, a moment later. */
const encoder = (session: SessionSnapshot) => ({ ...who(session), program: programName(session) });

const figures = ({ bytesOut, droppedVideo, droppedAudio }: SessionSnapshot) => ({
  bytesOut,
  droppedVideo,
  droppedAudio,
});
