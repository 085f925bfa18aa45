// npm run check: everything that a change must pass. One step's failure does not hide another's.
// With --after-tests the tests are not run again, but their counts of a moment ago are added.
import path from 'node:path';
import { readJson } from './setup/files.mjs';
import { modulesFolder, studioNode, toolEnvironment } from './setup/paths.mjs';
import { endOnSignal, run } from './setup/run.mjs';
import { countsLine, countsOf, failureLines, summaryFile } from './test/summary.mjs';

const source = ['common', 'engine', 'system', 'worker', 'main', 'preload', 'renderer'];
const steps = [
  ['format and lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
  ['types', 'typescript/bin/tsc', ['-p', '.']],
  ['types of the pages', 'typescript/bin/tsc', ['-p', 'renderer', '--noEmit']],
  ['types of the preload', 'typescript/bin/tsc', ['-p', 'preload', '--noEmit']],
  ['layers', 'dependency-cruiser/bin/dependency-cruiser.mjs', ['--config', '.dependency-cruiser.cjs', ...source]],
  ['dead code', 'knip/bin/knip.js', []],
  ['build', 'electron-vite/bin/electron-vite.js', ['build']],
];

endOnSignal('The check was interrupted.');
if (!process.argv.includes('--after-tests')) {
  await run(process.execPath, [path.join('scripts', 'test.mjs')], { inherit: true });
}
const tests = readJson(summaryFile) ?? [{ failed: 1, passed: 0, skipped: 0, failures: [] }];
const counts = countsOf(tests);
console.log(`\n${counts.failed > 0 ? 'FAILED' : 'passed'}  tests`);

for (const [name, script, args] of steps) {
  const { code, output } = await run(studioNode(), [path.join(modulesFolder, script), ...args], {
    env: toolEnvironment(),
  });
  counts[code === 0 ? 'passed' : 'failed']++;
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name}`);
  if (code !== 0) console.log(output.trimEnd());
}
for (const line of failureLines('Tests that failed', tests)) console.log(line);
console.log(countsLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
