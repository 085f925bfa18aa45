/** A comparison as tables at the terminal. */
import type { Comparison } from '../../common/results/comparison.ts';
import type { SeedVerdict } from '../../common/results/seed-pairs.ts';
import { headerWords } from '../../common/results/writers/layout.ts';
import { table } from './words.ts';

const widest = 28;

export function comparisonWords({ rows, baseline, results, settings }: Comparison, verdicts: SeedVerdict[]): string {
  const names = rows.map(({ name }) => (name.length > widest ? `${name.slice(0, widest - 1)}…` : name));
  const header = (title: string) => [title, ...names.map((name, i) => (rows[i] === baseline ? `${name} *` : name))];
  const parts = [
    [
      `* ${baseline.name} is the baseline.`,
      ...rows.map(({ reference, name, detail }) => `${reference}  ${name}: ${detail}`),
    ].join('\n'),
  ];
  if (results.length === 0) parts.push('None of these rows has a result yet.');
  else {
    const lines = results.map(({ column, protocol, values }) => [
      protocol === null ? headerWords(column) : `${headerWords(column)}, ${protocol}`,
      ...values.map(({ text, delta, why }) =>
        delta ? `${text} (${delta.text}, ${delta.verdict})` : why ? `${text} (${why})` : text,
      ),
    ]);
    parts.push(table(header('Result'), lines));
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
