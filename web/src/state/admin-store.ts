import { computed, signal } from '@preact/signals';
import type { AdminFeedMessage } from '../../../shared/contract/live-feed.ts';
import { type AdminState, applyFeedMessages, emptyAdminState, loseFeed } from './admin-state.ts';
import { listStreams, type StreamSort } from './stream-list.ts';

/** With 200 streams the feed speaks 200 times in a burst: what comes together is drawn together. */
const batchMs = 50;

/** What the dashboard knows and how it is looked at. One for the page. */
export function createAdminStore() {
  const state = signal<AdminState>(emptyAdminState);
  const filter = signal('');
  const sort = signal<StreamSort>('name');
  const rows = computed(() => listStreams(state.value.streams.values(), filter.value, sort.value));
  let waiting: AdminFeedMessage[] = [];

  const flush = (): void => {
    const messages = waiting;
    waiting = [];
    state.value = applyFeedMessages(state.value, messages, performance.now());
  };

  return {
    state,
    filter,
    sort,
    rows,
    receive(message: AdminFeedMessage): void {
      waiting.push(message);
      if (waiting.length === 1) setTimeout(flush, batchMs);
    },
    lose(): void {
      state.value = loseFeed(state.value, performance.now());
    },
  };
}

export type AdminStore = ReturnType<typeof createAdminStore>;
