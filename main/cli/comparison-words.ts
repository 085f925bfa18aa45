/** A comparison as tables at the terminal. */
import type { Comparison } from '../../common/results/comparison.ts';
import type { SeedVerdict } from '../../common/results/seed-pairs.ts';
import { headerWords } from '../../common/results/writers/layout.ts';
import { table } from './words.ts';

const widest = 28;

export function comparisonWords({ runs, baseline, results, settings }: Comparison, verdicts: SeedVerdict[]): string {
  const names = runs.map(({ id, name }) => (name.length > widest ? `${name.slice(0, widest - 1)}…` : name) || id);
  const header = (title: string) => [title, ...names.map((name, i) => (runs[i] === baseline ? `${name} *` : name))];
  const parts = [`* ${baseline.name} (${baseline.id}) is the baseline.`];
  if (results.length === 0) parts.push('None of these runs has a result yet.');
  else {
    const rows = results.map(({ column, values }) => [
      headerWords(column),
      ...values.map(({ text, delta, why }) =>
        delta ? `${text} (${delta.text}, ${delta.verdict})` : why ? `${text} (${why})` : text,
      ),
    ]);
    parts.push(table(header('Result'), rows));
  }
  parts.push(
    settings.length === 0
      ? 'No setting differs.'
      : table(
          header('Setting'),
          settings.map(({ label, values }) => [label, ...values]),
        ),
  );
  if (verdicts.length > 0) parts.push(verdicts.map(({ column, words }) => `${column.label}: ${words}`).join('\n'));
  return parts.join('\n\n');
}
