import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import { describeRelief } from '../format/server-load.ts';
import { Icon } from './icon.tsx';

/** Says what a busy server does about it. */
export function LoadBanner({ server }: { readonly server: ServerInfo | null }) {
  const relief = server && describeRelief(server.load);
  if (!relief) return null;
  return (
    <p class="feed-banner" role="status">
      <Icon name="warning" />
      {relief}
    </p>
  );
}
