// What test/support/summary-reporter.ts writes and the scripts print, one entry a file:
// { file, passed, failed, skipped, failures: [{ name, error }], leftOut: [{ name, why }] }.
import path from 'node:path';
import { stateFolder } from '../setup/paths.mjs';

export const summaryFile = path.join(stateFolder, 'tests.json');

export function countsOf(files) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) for (const key of Object.keys(counts)) counts[key] += file[key];
  return counts;
}

export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Everything that did not run, one line a reason, with the tests below it. */
export function leftOutLines(files, backendReason) {
  const byReason = new Map();
  for (const { file, leftOut } of files) {
    for (const { name, why } of leftOut) byReason.set(why, [...(byReason.get(why) ?? []), `${file} > ${name}`]);
  }
  const lines = backendReason ? [`  the best backend: ${backendReason}`] : [];
  for (const [why, names] of byReason) lines.push(`  ${why}: ${names.join('; ')}`);
  return lines.length > 0 ? ['', 'Left out:', ...lines] : [''];
}

/** What failed and how, where the end of a log is all that is read. */
export function failureLines(title, files) {
  const lines = files.flatMap(({ file, failures }) =>
    failures.flatMap(({ name, error }) => [`  ${file} > ${name}`, `    ${error.replaceAll('\n', '\n    ')}`]),
  );
  return lines.length > 0 ? ['', `${title}:`, ...lines] : [];
}
