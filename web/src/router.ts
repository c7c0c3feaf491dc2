import { signal } from '@preact/signals';
import { decodePercentOnce } from '../../shared/media/stream-name.ts';
import { parseWatchPath } from '../../shared/media/watch-path.ts';

/** What the address bar names. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'streams' }
  | { readonly page: 'stream'; readonly name: string }
  | { readonly page: 'sessions' }
  /** A link to a stream that cannot lead to one; the server gives no player for it. */
  | { readonly page: 'bad-link'; readonly isCut: boolean; readonly reason: string }
  | { readonly page: 'unknown' };

export function parseRoute(pathname: string): Route {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return { page: 'home' };
  const [first, second, ...rest] = segments;
  if (first === 'watch' || first === 'embed') return parseBadLink(pathname, segments.length - 1);
  if (first !== 'admin') return { page: 'unknown' };
  if (second === undefined) return { page: 'streams' };
  if (second === 'sessions' && rest.length === 0) return { page: 'sessions' };
  if (second !== 'streams') return { page: 'unknown' };
  return rest.length === 0 ? { page: 'streams' } : { page: 'stream', name: rest.map(decode).join('/') };
}

/** The page of one stream. */
export function streamPath(name: string): string {
  return `/admin/streams/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** `parts`: of the name. A link that lost its end has too few of them. */
function parseBadLink(pathname: string, parts: number): Route {
  const target = parseWatchPath(pathname);
  return target.ok ? { page: 'unknown' } : { page: 'bad-link', isCut: parts < 2, reason: target.reason };
}

const decode = (segment: string): string => decodePercentOnce(segment) ?? segment;

/** Keeps a signal of the route, and takes clicks on links between pages of this document. */
export function startRouter() {
  const route = signal(parseRoute(location.pathname));
  const update = (): void => {
    route.value = parseRoute(location.pathname);
  };
  addEventListener('popstate', update);
  document.addEventListener('click', (event) => {
    const path = ownPath(event);
    if (path === undefined) return;
    event.preventDefault();
    history.pushState(null, '', path);
    update();
    scrollTo(0, 0);
  });
  return route;
}

/** The path of a plain click on a link that this document answers. */
function ownPath(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.origin !== location.origin) return undefined;
  const { page } = parseRoute(link.pathname);
  return page === 'unknown' || page === 'bad-link' ? undefined : link.pathname;
}
