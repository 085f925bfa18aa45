import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx,mjs}'],
    // the native backend lives once in a process, and a crash of it must not take other files along
    pool: 'forks',
    // a step of a real network, a real worker, a real browser: slow machines are not an error
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
  },
});
