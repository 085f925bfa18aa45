// npm test: sets up what is missing, runs the tests (all, or those whose paths are given), and ends with the counts.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { orExplain } from './setup/explain.mjs';
import { readJson } from './setup/files.mjs';
import { setUp } from './setup/index.mjs';
import { modulesFolder, stateFolder, studioNode, toolEnvironment } from './setup/paths.mjs';
import { say } from './setup/progress.mjs';
import { endOnSignal, run } from './setup/run.mjs';
import { countsLine, leftOutLines, summaryFile } from './test/summary.mjs';

const { reason, cure } = (await orExplain(() => setUp())) ?? {};
endOnSignal('The tests were interrupted.');
mkdirSync(stateFolder, { recursive: true });
rmSync(summaryFile, { force: true });
const vitest = path.join(modulesFolder, 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=./test/support/summary-reporter.ts'];
const { code } = await run(studioNode(), [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  env: toolEnvironment({ CONTRAST_TEST_SUMMARY: summaryFile }),
  inherit: true,
});
const summary = readJson(summaryFile);
if (!summary) {
  say('\nThe test runner ended without a result.');
  process.exit(code || 1);
}
for (const line of leftOutLines(summary, reason && `${reason} ${cure}`)) console.log(line);
console.log(countsLine(summary));
process.exitCode = code;
