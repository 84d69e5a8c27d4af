import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const dist = fileURLToPath(new URL('./dist', import.meta.url));

// Tests go through the public door: `kelvin` is the built package, as a user imports it.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^kelvin$/, replacement: `${dist}/index.js` },
      { find: /^kelvin\/(ai-sdk|transformers)$/, replacement: `${dist}/integrations/$1/index.js` },
      { find: /^kelvin\/(.+)$/, replacement: `${dist}/$1/index.js` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    // Many tests wait for a process, a terminal or a browser and leave the cores to others.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    server: { deps: { external: [/\/dist\//] } },
  },
});
