import { defineConfig } from '@playwright/test';

/** Run by dev/browser.py, which says where the browser is and what the report is called. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.reports/browser',
  // A file's tests share one Jupyter server, and run in turn; two files may run at once.
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Chromium's own sandbox does not start as root, nor in most containers.
      args: ['--no-sandbox']
    },
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure'
  }
});
