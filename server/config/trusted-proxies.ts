import { type AddressTest, parseAddressList } from './address-list.ts';

/** Whether a proxy is believed: by its address, and by how many stand between it and this server. */
export type TrustProxy = (address: string, hop: number) => boolean;

const MAX_HOPS = 10;

/**
 * Reads `http.trust_proxy`: a number of proxies, or addresses and networks with commas between. Undefined: nobody is believed.
 * Throws on what is neither.
 */
export function parseTrustedProxies(setting: string | number | boolean): TrustProxy | undefined {
  const text = String(setting).trim();
  if (text === '' || text === 'false' || text === '0') return undefined;
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    if (hops > MAX_HOPS) throw new Error(`${hops} proxies in a row are more than ${MAX_HOPS}`);
    return (_address, hop) => hop < hops;
  }
  const isListed: AddressTest = parseAddressList(text);
  return (address) => isListed(address.replace(/^::ffff:(?=\d+\.)/i, ''));
}
