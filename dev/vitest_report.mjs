// A vitest reporter that writes what dev/report.py reads. vitest's own JSON and JUnit reports do
// not carry the reason of a skip.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      // A file that could not be loaded has no tests that could fail.
      report.failed += module.errors().length;
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
