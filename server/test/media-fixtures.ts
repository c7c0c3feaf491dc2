import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlvReader } from '../../shared/flv/flv-reader.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';

/** The bundled clip: 640x360 H.264 at 30 fps with B-frames and a keyframe a second, AAC, 10 s. */
export const demoClipPath = join(import.meta.dirname, '../../../server/assets/demo.flv');

/** All tags of FLV bytes. Throws when they do not end between two tags. */
export function readFlv(bytes: Uint8Array): { audio: boolean; video: boolean; tags: FlvTag[] } {
  const reader = new FlvReader();
  reader.push(bytes);
  const header = reader.next();
  if (header?.kind !== 'header') throw new Error('no FLV header');
  const tags: FlvTag[] = [];
  for (let tag = reader.next(); tag; tag = reader.next()) if (tag.kind !== 'header') tags.push(tag);
  if (!reader.atTagBoundary) throw new Error('the bytes end inside a tag');
  return { audio: header.audio, video: header.video, tags };
}

export const demoClip = readFlv(readFileSync(demoClipPath)).tags;

function firstBody(kind: 'audio' | 'video', role: string): Uint8Array {
  const tag = demoClip.find((one) => one.kind === kind && classifyPacket(kind, one.body) === role);
  if (!tag) throw new Error(`the clip has no ${role}`);
  return tag.body;
}

/** Bodies of real messages: headers and one frame of each sort. */
export const bodies = {
  videoConfig: firstBody('video', 'config'),
  audioConfig: firstBody('audio', 'config'),
  keyframe: firstBody('video', 'keyframe'),
  interframe: firstBody('video', 'interframe'),
  audio: firstBody('audio', 'audio'),
  metadata: demoClip.find(({ kind }) => kind === 'data')?.body ?? new Uint8Array(),
} as const;
