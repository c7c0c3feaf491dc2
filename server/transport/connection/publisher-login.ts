import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { asksToPublish, type PublisherAuth, usesAuth } from '../../rtmp/publisher-auth.ts';
import type { ConnectRequest } from '../../rtmp/session-event.ts';

/** What comes of a connect. A refused one is a step of the login or its end; `description` is what the client reads. */
export type LoginOutcome =
  | { readonly type: 'not-asked' | 'passed' }
  | {
      readonly type: 'refused';
      readonly step: 'ask' | 'challenge' | 'failed';
      readonly refusal: Refusal;
      readonly description: string;
    };

/** Takes a client that means to publish one step further through its login, if the server asks for one. */
export function judgeLogin(
  publishAuth: PublisherAuth | undefined,
  event: ConnectRequest,
  nowMs: number,
): LoginOutcome {
  if (!publishAuth || !(asksToPublish(event) || usesAuth(event.app))) return { type: 'not-asked' };
  const verdict = publishAuth.judge(event, nowMs);
  if (verdict.type === 'passed') return { type: 'passed' };
  const refusal = refuse(verdict.type === 'failed' ? 'publish-login-wrong' : 'publish-login-needed');
  // Nobody reads a challenge, and FFmpeg keeps only 255 bytes of it.
  const sentence = verdict.type === 'challenge' ? '' : `${refusal.message} `;
  return { type: 'refused', step: verdict.type, refusal, description: sentence + verdict.description };
}
