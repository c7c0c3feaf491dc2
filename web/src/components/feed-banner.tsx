import { Icon } from './icon.tsx';

/** Says that what is shown is no longer fresh. */
export function FeedBanner({ lost }: { readonly lost: boolean }) {
  if (!lost) return null;
  return (
    <p class="feed-banner" role="alert">
      <Icon name="warning" />
      No connection to the server. The figures below are the last known ones; this page catches up by itself.
    </p>
  );
}
