import { isIP } from 'node:net';
import { plainAddress } from '../../shared/net/address.ts';

interface RequestFrom {
  /** What trusted proxies say, else the other end of the line. */
  readonly ip?: string;
  readonly socket?: { readonly remoteAddress?: string | undefined } | null;
}

/**
 * Whom a request comes from: an IP address and nothing else. What proxies hand on is text of anybody's; where it is no
 * address it is not believed, and the other end of the line counts.
 */
export function clientAddress({ ip, socket }: RequestFrom): string {
  return readAddress(ip) ?? readAddress(socket?.remoteAddress) ?? 'unknown';
}

/** Some proxies add the port: `192.0.2.7:4711`, `[2001:db8::7]:4711`. */
function readAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 64) return undefined;
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  const address = plainAddress(bare.trim());
  return isIP(address) === 0 ? undefined : address;
}
