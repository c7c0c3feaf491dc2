import type { PublicFeedMessage } from '../../../shared/contract/live-feed.ts';
import type { PublicStream } from '../../../shared/contract/streams.ts';

/** What anybody may see of the server: its live streams, in order of name. */
export interface PublicList {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly streams: readonly PublicStream[];
  /** False: the operator keeps the list to himself. */
  readonly listed: boolean;
  /** Who looks is logged in to the dashboard. */
  readonly operator: boolean;
  readonly rtmpPort: number | null;
  readonly rtmpsPort: number | null;
}

export const emptyPublicList: PublicList = {
  connection: 'connecting',
  streams: [],
  listed: true,
  operator: false,
  rtmpPort: null,
  rtmpsPort: null,
};

export function applyPublicMessage(list: PublicList, message: PublicFeedMessage): PublicList {
  switch (message.type) {
    case 'hello':
      return {
        connection: 'open',
        streams: inOrder(message.streams),
        listed: message.publicList,
        operator: message.operator,
        rtmpPort: message.rtmpPort,
        rtmpsPort: message.rtmpsPort,
      };
    case 'stream':
      return { ...list, streams: inOrder([...without(list, message.stream.name), message.stream]) };
    case 'gone':
      return { ...list, streams: without(list, message.name) };
    default:
      message satisfies never;
      return list;
  }
}

export function losePublicFeed(list: PublicList): PublicList {
  return { ...list, connection: 'lost' };
}

function without(list: PublicList, name: string): PublicStream[] {
  return list.streams.filter((stream) => stream.name !== name);
}

function inOrder(streams: readonly PublicStream[]): PublicStream[] {
  return streams.toSorted((a, b) => a.name.localeCompare(b.name));
}
