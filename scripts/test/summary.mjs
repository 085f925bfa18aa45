// What test/support/summary-reporter.ts writes and the scripts print: { passed, failed, skipped, leftOut: [{name, why}] }.
import path from 'node:path';
import { stateFolder } from '../setup/paths.mjs';

export const summaryFile = path.join(stateFolder, 'tests.json');

export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Everything that did not run, one line a reason, with the tests below it. */
export function leftOutLines({ leftOut }, backendReason) {
  const byReason = new Map();
  for (const { name, why } of leftOut) byReason.set(why, [...(byReason.get(why) ?? []), name]);
  const lines = backendReason ? [`  the best backend: ${backendReason}`] : [];
  for (const [why, names] of byReason) lines.push(`  ${why}: ${names.join('; ')}`);
  return lines.length > 0 ? ['', 'Left out:', ...lines] : [''];
}
