/** Writes what scripts/test.mjs ends with: the counts of each file, what failed and how, and which tests were left out and why. */
import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const file = process.env.CONTRAST_TEST_SUMMARY;
    if (!file) return;
    const outside = {
      ...nothing,
      failed: unhandled.length,
      failures: unhandled.map((error) => ({ name: '', error: told(error) })),
    };
    const files = modules.map((module) => ({ file: module.relativeModuleId, ...summaryOf(module) }));
    // An error outside of any test cannot be given to a file.
    writeFileSync(
      file,
      JSON.stringify(unhandled.length > 0 ? [{ file: 'outside of the tests', ...outside }, ...files] : files),
    );
  }
}

/** A test that is left out before it begins has its reason in its name: "... (left out: reason)", "...: skipped, reason". */
const reasonInName = /(?: \(left out|: skipped)[:,] (.+?)\)?$/;
const nothing = { passed: 0, failed: 0, skipped: 0, failures: [], leftOut: [] };

/** A file or a group that cannot be set up counts as one failure for each error. */
function summaryOf(module: TestModule) {
  const failures = module.errors().map((error) => ({ name: '', error: told(error) }));
  for (const suite of module.children.allSuites()) {
    failures.push(...suite.errors().map((error) => ({ name: suite.fullName, error: told(error) })));
  }
  const leftOut: { name: string; why: string }[] = [];
  let passed = 0;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') passed++;
    else if (result.state === 'failed')
      failures.push({ name: test.fullName, error: result.errors.map(told).join('; ') });
    else {
      const note = result.state === 'skipped' ? result.note : undefined;
      const [name = test.fullName, reason = 'not for this machine'] = test.fullName.split(reasonInName);
      leftOut.push({ name, why: note ?? reason });
    }
  }
  return { passed, failed: failures.length, skipped: leftOut.length, failures, leftOut };
}

/** The message and what differed, short enough to be read at the end of a log. */
function told({ message, diff }: { message: string; diff?: string }): string {
  return stripVTControlCharacters(diff ? `${message}\n${diff}` : message).slice(0, 1500);
}
