/** Writes what scripts/test.mjs ends with: the counts, and which tests were left out and why. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env.CONTRAST_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(summaryOf(modules, unhandled.length)));
  }
}

/** A file that cannot be loaded and an error outside of any test count as one failure each. */
function summaryOf(modules: readonly TestModule[], unhandled: number) {
  const summary = { passed: 0, failed: unhandled, skipped: 0, leftOut: [] as { name: string; why: string }[] };
  for (const module of modules) {
    summary.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') summary.passed++;
      else if (result.state === 'failed') summary.failed++;
      else {
        summary.skipped++;
        const why = (result.state === 'skipped' && result.note) || 'no reason given';
        summary.leftOut.push({ name: `${module.relativeModuleId} > ${test.fullName}`, why });
      }
    }
  }
  return summary;
}
