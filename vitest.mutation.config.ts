import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * The tests that judge `src/dialects` when Stryker changes it: those beside the sources and the field's edge cases. Fuzz
 * and property tests run for seconds and say less of one line than an example does.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/dialects/**/*.test.ts', 'test/edge-cases/edge-cases.test.ts'],
    exclude: ['**/fuzz.test.ts', '**/*.property.test.ts', '**/node_modules/**'],
    isolate: false,
    testTimeout: 20_000,
  },
});

export default config;
