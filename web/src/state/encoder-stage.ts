import type { Notice } from '../../../shared/contract/live-feed.ts';

/** How far the first encoder has come, for somebody who watches the empty page while setting one up. */
export interface EncoderStage {
  readonly stage: 'waiting' | 'connected' | 'on-air' | 'refused';
  readonly message: string;
}

/** Older news than this does not belong to what the reader is trying now. */
const recentMs = 120_000;

/** Reads the newest news about encoders. `notices` newest first. */
export function encoderStage(notices: readonly Notice[], nowMs: number): EncoderStage {
  const newest = notices.find((notice) => notice.kind !== 'ended' && notice.kind !== 'interrupted');
  if (newest === undefined || nowMs - Date.parse(newest.at) > recentMs) {
    return { stage: 'waiting', message: 'Waiting for an encoder.' };
  }
  switch (newest.kind) {
    case 'connecting':
      return { stage: 'connected', message: newest.message };
    case 'refused':
    case 'dropped':
    case 'failed':
      return { stage: 'refused', message: newest.message };
    default:
      return { stage: 'on-air', message: newest.message };
  }
}
