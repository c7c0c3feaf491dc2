import { BlockList, isIP } from 'node:net';

/** Answers whether an address, in the usual notation, is one of a list. */
export type AddressTest = (address: string) => boolean;

/** Reads addresses and networks with commas between: `10.0.0.2, 192.168.0.0/16, fd00::/8`. Throws on the first that is none. */
export function parseAddressList(text: string): AddressTest {
  const list = new BlockList();
  const entries = text.split(',').map((entry) => entry.trim());
  for (const entry of text.trim() === '' ? [] : entries) add(list, entry);
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && list.check(address, family);
  };
}

function add(list: BlockList, entry: string): void {
  const [address = '', prefix, ...more] = entry.split('/');
  const family = familyOf(address);
  const most = family === 'ipv4' ? 32 : 128;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most);
  if (!family || address.includes('%') || !isPrefix || more.length > 0) {
    throw new Error(`${JSON.stringify(entry)} is no IP address or network`);
  }
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(prefix), family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
