import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Chunks that every player page needs at once: fetched beside the entry instead of after it has run. */
const preloadedChunks: Readonly<Record<string, readonly string[]>> = { 'player.html': ['flv-engine'] };

/** Adds modulepreload links for chunks that the entry imports lazily but needs within its first milliseconds. */
function preloadLazyChunks(): Plugin {
  return {
    name: 'sluice-preload-lazy-chunks',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const wanted = preloadedChunks[context.path.replace(/^\//, '')] ?? [];
        const chunks = Object.values(context.bundle ?? {}).filter((output) => output.type === 'chunk');
        // With what they import themselves: a browser finds that out only after it has read them.
        const files = chunks
          .filter((chunk) => wanted.includes(chunk.name))
          .flatMap((chunk) => [chunk.fileName, ...chunk.imports]);
        return files.map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', href: `/${file}`, crossorigin: true },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  // What has to have its own name: an icon for those who ask for /favicon.ico.
  publicDir: 'static',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [preloadLazyChunks()],
  build: {
    outDir: '../dist/public',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows no inline scripts, and data: URLs only for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // How long a step took is advice for whoever works on the build. Who starts the server for the first time, on a busy
      // machine, would take it for a fault.
      checks: { bundlerTimings: false },
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        player: resolve(import.meta.dirname, 'player.html'),
      },
    },
  },
});
