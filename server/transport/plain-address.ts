/** An IP address as people write it: IPv4 that came in over an IPv6 socket loses its `::ffff:`. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
