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

/** Whether a test did not run as its file, or a group that it belongs to, has failed before. */
function isOfABrokenGroup(test) {
  for (let group = test.parent; group !== undefined; group = group.parent) {
    if (group.errors().length > 0) {
      return true;
    }
  }
  return false;
}

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: [], skipped: [], seconds: {} };
    const fail = (name, errors, file = null) =>
      report.failed.push({ name, reason: errors?.[0]?.message ?? null, file });
    for (const error of unhandledErrors) {
      fail('an error outside of all tests', [error]);
    }
    for (const module of modules) {
      const { relativeModuleId: file } = module;
      // A file that could not be loaded has no tests that could fail.
      for (const error of module.errors()) {
        fail(file, [error], file);
      }
      report.seconds[file] = secondsOf(module);
      // Where what a group needs could not be made, each of its tests is called skipped.
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) {
          fail(`${file} > ${suite.fullName}`, [error], file);
        }
      }
      for (const test of module.children.allTests()) {
        const { state, note, errors } = test.result();
        const name = `${file} > ${test.fullName}`;
        if (state === 'skipped' && isOfABrokenGroup(test)) {
          continue;
        }
        if (state === 'skipped') {
          report.skipped.push({ name, reason: note ?? null });
        } else if (state === 'passed') {
          report.passed += 1;
        } else {
          fail(name, errors, file);
        }
      }
    }
    const path = process.env.VITEST_REPORT;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(report));
  }
}
