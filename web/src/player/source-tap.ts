export type BufferKind = 'audio' | 'video';

interface SourceScope {
  MediaSource?: typeof MediaSource;
  ManagedMediaSource?: typeof MediaSource;
}

/**
 * Runs `attach`, in which an engine makes its MediaSource, and is told of each source buffer that the engine adds to it, then or later.
 * Engines do not give them away, and this needs nothing of an engine but that it uses the browser's own class.
 */
export function tapMediaSource(
  attach: () => void,
  onBuffer: (kind: BufferKind, buffer: SourceBuffer) => void,
): void {
  const scope: SourceScope = globalThis;
  const { MediaSource: plain, ManagedMediaSource: managed } = scope;
  if (plain !== undefined) scope.MediaSource = tapped(plain, onBuffer);
  if (managed !== undefined) scope.ManagedMediaSource = tapped(managed, onBuffer);
  try {
    attach();
  } finally {
    if (plain !== undefined) scope.MediaSource = plain;
    if (managed !== undefined) scope.ManagedMediaSource = managed;
  }
}

function tapped(
  Source: typeof MediaSource,
  onBuffer: (kind: BufferKind, buffer: SourceBuffer) => void,
): typeof MediaSource {
  return class extends Source {
    override addSourceBuffer(type: string): SourceBuffer {
      const buffer = super.addSourceBuffer(type);
      onBuffer(type.startsWith('video') ? 'video' : 'audio', buffer);
      return buffer;
    }
  };
}
