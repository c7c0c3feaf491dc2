import type { RouteOptions } from 'fastify';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Which methods each address takes: the router tells apart only what it can serve from what it cannot. */
export class KnownRoutes {
  readonly #routes = new Map<string, KnownRoute>();

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    const route = this.#routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    this.#routes.set(url, route);
    for (const one of [method].flat()) route.methods.add(one.toUpperCase());
  }

  /** In order of name. None: there is nothing at the path. */
  methodsAt(path: string): readonly string[] {
    const methods = [...this.#routes.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => [...route.methods]);
    return [...new Set(methods)].sort();
  }
}

/** Media has no folder of its own: its routes are given every path, and serve those of this form. */
const mediaPattern = /\.flv$/;

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A path in the router's words: `:name` stands for one segment, `*` for all that is left. */
function patternOf(url: string): RegExp {
  if (url === '/*' || url === '*') return mediaPattern;
  const source = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment === '*' ? '.*' : literally(segment)))
    .join('/');
  return new RegExp(`^${source}$`);
}
