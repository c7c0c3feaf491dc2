import type { Transport } from './player-state.ts';

const key = 'sluice-transport';

/** Something between here and the server lets no WebSocket through: pages of this tab need not find out again. */
export function rememberTransport(transport: Transport): void {
  try {
    sessionStorage.setItem(key, transport);
  } catch {
    // A frame without storage finds out each time.
  }
}

export function rememberedTransport(wanted: Transport): Transport {
  try {
    return sessionStorage.getItem(key) === 'http' ? 'http' : wanted;
  } catch {
    return wanted;
  }
}
