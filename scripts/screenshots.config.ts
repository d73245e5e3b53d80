import { defineConfig } from 'vitest/config';

/** Pictures are taken in the same world as the tests run in. */
export default defineConfig({
  test: {
    include: ['scripts/screenshots.ts'],
    globalSetup: ['test/cluster.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
