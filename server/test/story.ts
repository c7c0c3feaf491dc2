import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';

/** `config video 0` and the like, for each tag. */
export const story = (tags: readonly FlvTag[]): string[] =>
  tags.map(({ kind, timestampMs, body }) => `${classifyPacket(kind, body)} ${kind} ${timestampMs}`);
