import type { ServerInfo } from '../../shared/contract/server-info.ts';
import type { Config } from '../config/schema.ts';
import type { HubView } from '../hub/hub-view.ts';
import type { AdminAuth } from '../ops/admin-auth.ts';
import type { Health } from '../ops/health.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Notices } from '../ops/notices.ts';
import type { VisitorCookies } from '../ops/visitor-cookie.ts';
import type { HttpGuards } from './request-gate.ts';

/** All that the API looks at and acts upon. The composition root gives it. */
export interface ApiDeps {
  readonly hub: HubView;
  readonly config: Config;
  readonly auth: AdminAuth;
  readonly notices: Notices;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly guards: HttpGuards;
  /** Tells viewers apart who come from one address; undefined where that is not needed. */
  readonly visitors?: VisitorCookies | undefined;
  /** The server as it is now: ports, totals, state. */
  info(): ServerInfo;
  /** Folder of the built web app: index.html, player.html, assets. It may be missing. */
  readonly publicDir: string;
}
