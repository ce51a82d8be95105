import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    // Real processes on a loaded machine take their time; a test that waits says how long itself.
    testTimeout: 20_000,
    // Much of the time they wait for jobs: one file less than there are processors, as by default, would be slow.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/lab/**'] }
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['test/lab/setUp.ts'],
          // A process of its own for each file would load jsdom and React for each: five times the work.
          isolate: false,
          // They import style sheets and icons, which Node itself cannot.
          server: { deps: { inline: [/@jupyter/, /@rjsf/] } }
        }
      }
    ]
  }
});
