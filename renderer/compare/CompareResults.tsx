import { Text, Title } from '@mantine/core';
import type { ComparedValue, Comparison } from '../../common/results/comparison.ts';
import { arrows, headerWords } from '../../common/results/writers/layout.ts';
import styles from './Compare.module.css';
import { RowHeaders } from './RowHeaders.tsx';

const directionWords = { maximum: 'higher is better', minimum: 'lower is better' } as const;

/** Results with their difference to the baseline: a sign, an arrow and a word, never a colour alone. */
export function CompareResults({ comparison }: { comparison: Comparison }) {
  const { rows, baseline, results } = comparison;
  return (
    <section aria-label="Results">
      <Title order={2} mb="xs">
        Results
      </Title>
      {results.length === 0 ? (
        <Text fz="sm">None of these rows has a result yet.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
        <div className={`surface ${styles.scroller}`} tabIndex={0}>
          <table className={styles.table} aria-label="Results of the compared rows">
            <RowHeaders title="Result" rows={rows} baseline={baseline} number />
            <tbody>
              {results.map(({ column, protocol, values }) => (
                <tr key={`${column.field} ${protocol}`} data-field={column.field}>
                  <th scope="row" title={column.field}>
                    {headerWords(column)}{' '}
                    {column.better && (
                      <span title={directionWords[column.better]} role="img" aria-label={directionWords[column.better]}>
                        {arrows[column.better]}
                      </span>
                    )}
                    {protocol && <div className={`quiet ${styles.protocol}`}>{protocol}</div>}
                  </th>
                  {values.map((value, index) => (
                    <td key={rows[index]!.reference} data-number="true">
                      <div>{value.text}</div>
                      <Difference {...value} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Remarks comparison={comparison} />
    </section>
  );
}

/** What one has to know to read the columns: what a checkpoint's numbers are of, where a published one comes from. */
function Remarks({ comparison: { rows } }: { comparison: Comparison }) {
  const remarks = [
    ...(rows.some(({ kind }) => kind === 'checkpoint')
      ? ['Of a checkpoint, the last epoch is its own; what was measured with the checkpoint itself counts too.']
      : []),
    ...(rows.some(({ kind, checkpoint, sources }) => kind === 'run' && checkpoint && sources.length > 1)
      ? [
          'A training run has the evaluations of its best checkpoint, or of its last where none is known to be the best.',
        ]
      : []),
    ...rows.flatMap(({ kind, name, detail }) => (kind === 'published' ? [`${name}. ${detail}.`] : [])),
  ];
  if (remarks.length === 0) return null;
  return (
    <ul className={`quiet ${styles.remarks}`}>
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}

function Difference({ delta, why }: Pick<ComparedValue, 'delta' | 'why'>) {
  if (why) {
    return (
      <div className={styles.difference} data-why>
        {why}
      </div>
    );
  }
  if (!delta) return null;
  const { text, verdict } = delta;
  const colour = verdict === 'better' || verdict === 'worse' ? styles[verdict] : '';
  return (
    <div className={`${styles.difference} ${colour}`}>
      {text} {verdict}
    </div>
  );
}
