import { defineConfig } from '@playwright/test';

/** Run by dev/browser.py, which says where the browser is and what the report is called. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.reports/browser',
  // A browser, a server and a job keep two cores busy: more at once would make none of them faster.
  workers: 1,
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
