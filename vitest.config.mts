import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** Whole jobs take longest, however short their tests are: one that began last would go on alone. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  // Each project stays together.
  return project.name === 'lab' ? 2 : /\/test\/(?:cluster|jobs)\//.test(moduleId) ? 0 : 1;
}

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    // Real processes on a loaded machine take their time; a test that waits says how long itself.
    testTimeout: 20_000,
    // What starts in one waits itself, and says for what (dev/cluster/readiness.py).
    hookTimeout: 300_000,
    expect: { poll: { timeout: 10_000 } },
    // Much of the time they wait for jobs: one file less than there are processors, as by default, would be slow.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**'],
          setupFiles: ['test/patience.ts']
        }
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['test/patience.ts', 'test/lab/setUp.ts'],
          // They import style sheets and icons, which Node itself cannot.
          server: { deps: { inline: [/@jupyter/, /@rjsf/] } }
        }
      }
    ]
  }
});
