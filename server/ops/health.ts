/** What a load balancer may know: whether new work should come here. */
export interface Health {
  readonly state: 'ready' | 'draining';
  /** From now on this process takes nothing new. There is no way back. */
  drain(): void;
}

export function createHealth(): Health {
  let state: Health['state'] = 'ready';
  return {
    get state() {
      return state;
    },
    drain() {
      state = 'draining';
    },
  };
}
