// npm test: sets up what is missing, runs the tests (all, or those whose paths are given), and ends with the counts.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { orExplain } from './setup/explain.mjs';
import { readJson } from './setup/files.mjs';
import { setUp } from './setup/index.mjs';
import { modulesFolder, stateFolder, studioNode, toolEnvironment } from './setup/paths.mjs';
import { say } from './setup/progress.mjs';
import { endOnSignal, run } from './setup/run.mjs';
import { countsLine, countsOf, failureLines, leftOutLines, summaryFile } from './test/summary.mjs';

const { reason, cure } = (await orExplain(() => setUp())) ?? {};
endOnSignal('The tests were interrupted.');
mkdirSync(stateFolder, { recursive: true });
const vitest = path.join(modulesFolder, 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=./test/support/summary-reporter.ts'];

let { code, files } = await test(process.argv.slice(2));
const failed = files.filter(({ failures }) => failures.length > 0);
let mended = [];
// A few files are tried once more by themselves. What passes then is told apart: it is no clean pass, and no failure.
if (failed.length > 0 && failed.length <= 3 && failed.every(({ file }) => existsSync(file))) {
  say(`\nOnce more: ${failed.map(({ file }) => file).join(', ')}`);
  const again = await test(failed.map(({ file }) => file));
  const bySecondTry = new Map(again.files.map((file) => [file.file, file]));
  mended = failed.filter(({ file }) => bySecondTry.get(file)?.failed === 0);
  files = files.map((file) => bySecondTry.get(file.file) ?? file);
  code = again.code;
  writeFileSync(summaryFile, JSON.stringify(files));
}
const lines = [
  ...leftOutLines(files, reason && `${reason} ${cure}`),
  ...failureLines('Passed only when tried once more', mended),
  ...failureLines('Failed', files),
];
for (const line of lines) console.log(line);
console.log(countsLine(countsOf(files)));
process.exitCode = code;

async function test(args) {
  rmSync(summaryFile, { force: true });
  const { code } = await run(studioNode(), [vitest, 'run', ...reporters, ...args], {
    env: toolEnvironment({ CONTRAST_TEST_SUMMARY: summaryFile }),
    inherit: true,
  });
  const files = readJson(summaryFile);
  if (!files) {
    say('\nThe test runner ended without a result.');
    process.exit(code || 1);
  }
  return { code, files };
}
