import { defineConfig } from '@playwright/test';

/** Measures reaction times, and so runs after all others. */
const ALONE = 'quick.spec.ts';

/** Run by dev/browser.py, which says where the browser is and what the report is called. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.reports/browser',
  // Files at once: a test often waits, and one alone leaves half of two cores idle.
  workers: 2,
  projects: [
    // Unlike what depends on a project, a teardown runs after a failure too.
    { name: 'beside others', testIgnore: ALONE, teardown: 'alone' },
    { name: 'alone', testMatch: ALONE }
  ],
  // What passes in the second run is flaky; that run has a trace, which for every test would cost half as much again as
  // the tests.
  retries: 1,
  // Milliseconds; a machine that does other things too may need all of it.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Chromium's own sandbox does not start as root, nor in most containers.
      args: ['--no-sandbox', '--disable-gpu']
    },
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry'
  }
});
