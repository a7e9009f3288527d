import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The tests that judge `src/dialects` when Stryker changes it: those without sockets or processes. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/dialects/**/*.test.ts'],
    testTimeout: 20_000,
    isolate: false,
  },
});

export default config;
