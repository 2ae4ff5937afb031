import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    setupFiles: ['lib/testing/setup.ts'],
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
