/** An IP address as people write it: IPv4 that came in over an IPv6 socket loses its `::ffff:`. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * What one party holds: an IPv4 address, and of IPv6 the 64 bits of its network, in which it can choose the other 64.
 * Everything that is counted by address is counted by this.
 */
export function addressGroup(given: string): string {
  const address = plainAddress(given.split('%', 1)[0]);
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':').length : 0;
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...(tail ? tail.split(':') : [])];
  const network = all.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
