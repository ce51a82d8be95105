// A vitest reporter that writes what dev/report.py reads. vitest's own JSON and JUnit reports do
// not carry the reason of a skip.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** All that a file took, with what it imports. */
function secondsOf(module) {
  const { collectDuration, duration, environmentSetupDuration, prepareDuration, setupDuration } =
    module.diagnostic();
  const parts = [
    collectDuration,
    duration,
    environmentSetupDuration,
    prepareDuration,
    setupDuration
  ];
  return parts.reduce((sum, part) => sum + part, 0) / 1000;
}

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: unhandledErrors.length, skipped: [], seconds: {} };
    for (const module of modules) {
      // A file that could not be loaded has no tests that could fail.
      report.failed += module.errors().length;
      report.seconds[module.relativeModuleId] = secondsOf(module);
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'skipped') {
          report.skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: note ?? null
          });
        } else {
          report[state === 'passed' ? 'passed' : 'failed'] += 1;
        }
      }
    }
    const file = process.env.VITEST_REPORT;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(report));
  }
}
