import type { EndReason } from './sink.ts';
import type { SessionSnapshot, StreamWarning } from './snapshot.ts';

/** News of the control plane. Media never travels as events. */
export type HubEvent =
  | { readonly type: 'published'; readonly stream: string; readonly session: SessionSnapshot }
  /** The metadata of a publisher says which program it is. */
  | { readonly type: 'encoder-named'; readonly stream: string; readonly session: SessionSnapshot }
  /** State or tracks of the stream changed: read its snapshot. */
  | { readonly type: 'changed'; readonly stream: string }
  /** The publisher dropped; viewers are held for `graceMs`. */
  | { readonly type: 'interrupted'; readonly stream: string; readonly graceMs: number }
  | { readonly type: 'resumed'; readonly stream: string; readonly session: SessionSnapshot }
  | { readonly type: 'ended'; readonly stream: string; readonly reason: string }
  /** Something about the stream should be changed, or no longer. The snapshot has all that stands. */
  | { readonly type: 'warning'; readonly stream: string; readonly warning: StreamWarning }
  | { readonly type: 'warning-over'; readonly stream: string; readonly code: string }
  | { readonly type: 'viewer-joined'; readonly stream: string; readonly session: SessionSnapshot }
  | {
      readonly type: 'viewer-left';
      readonly stream: string;
      readonly session: SessionSnapshot;
      readonly reason: EndReason;
    };

export type HubListener = (event: HubEvent) => void;
