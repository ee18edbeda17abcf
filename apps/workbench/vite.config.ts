import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Script that loads before any page of a module, gzipped. */
const firstLoadLimit = 350_000;

/** Stops the build when the first load has grown too heavy: something that belongs to a page was imported eagerly. */
function firstLoadBudget(): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const seen = new Set<string>();
      const visit = (name: string): number => {
        const file = bundle[name];
        if (seen.has(name) || file?.type !== 'chunk') return 0;
        seen.add(name);
        const own = gzipSync(file.code).length;
        return file.imports.reduce((total, next) => total + visit(next), own);
      };
      const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
      const total = entry ? visit(entry.fileName) : 0;
      this.info(`first load ${Math.round(total / 1000)} kB gzip of ${firstLoadLimit / 1000}`);
      if (total > firstLoadLimit) this.error('the first load of the workbench is over its limit');
    },
  };
}

/** Build of the staff web app. In development it proxies the API to a server on its default port. */
export default defineConfig({
  root: here,
  base: '/',
  plugins: [react(), firstLoadBudget()],
  resolve: { alias: [{ find: /^zod$/, replacement: `${here}zod.ts` }] },
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2022',
    // No inline data: the content security policy stays short, and small files compress well enough.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
  },
  server: { port: 5173, strictPort: true, proxy: { '/api': 'http://127.0.0.1:8080' } },
});
