import type { BrowserMedia } from './engine-choice.ts';

interface MediaSourceConstructor {
  isTypeSupported(mimeType: string): boolean;
}

/** Asks the browser what it has. TypeScript's DOM types do not know ManagedMediaSource everywhere. */
export function detectBrowserMedia(): BrowserMedia {
  const scope: { MediaSource?: MediaSourceConstructor; ManagedMediaSource?: MediaSourceConstructor } =
    globalThis;
  const either = scope.MediaSource ?? scope.ManagedMediaSource;
  return {
    hasMediaSource: scope.MediaSource !== undefined,
    hasManagedMediaSource: scope.ManagedMediaSource !== undefined,
    isFirefox: /firefox\//i.test(navigator.userAgent),
    isTypeSupported: (mimeType) => either?.isTypeSupported(mimeType) ?? false,
  };
}
