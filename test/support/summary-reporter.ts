/** Writes what scripts/test.mjs ends with: the counts, and which tests were left out and why. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env.CONTRAST_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(summaryOf(modules, unhandled.length)));
  }
}

/** A test that is left out before it begins has its reason in its name: "... (left out: reason)", "...: skipped, reason". */
const reasonInName = /(?: \(left out|: skipped)[:,] (.+?)\)?$/;

/** A file or a group that cannot be set up and an error outside of any test count as one failure each. */
function summaryOf(modules: readonly TestModule[], unhandled: number) {
  const summary = { passed: 0, failed: unhandled, skipped: 0, leftOut: [] as { name: string; why: string }[] };
  for (const module of modules) {
    summary.failed += module.errors().length;
    for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') summary.passed++;
      else if (result.state === 'failed') summary.failed++;
      else {
        summary.skipped++;
        const note = result.state === 'skipped' ? result.note : undefined;
        const [name, reason = 'not for this machine'] = test.fullName.split(reasonInName);
        summary.leftOut.push({ name: `${module.relativeModuleId} > ${name}`, why: note ?? reason });
      }
    }
  }
  return summary;
}
