import { Text, Title } from '@mantine/core';
import type { ComparedValue, Comparison } from '../../common/results/comparison.ts';
import { arrows, headerWords } from '../../common/results/writers/layout.ts';
import styles from './Compare.module.css';
import { RunHeaders } from './RunHeaders.tsx';

const directionWords = { maximum: 'higher is better', minimum: 'lower is better' } as const;

/** Results with their difference to the baseline: a sign, an arrow and a word, never a colour alone. */
export function CompareResults({ comparison }: { comparison: Comparison }) {
  const { runs, baseline, results } = comparison;
  return (
    <section aria-label="Results">
      <Title order={2} mb="xs">
        Results
      </Title>
      {results.length === 0 ? (
        <Text fz="sm">None of these runs has a result yet.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
        <div className={`surface ${styles.scroller}`} tabIndex={0}>
          <table className={styles.table} aria-label="Results of the compared runs">
            <RunHeaders title="Result" runs={runs} baseline={baseline} number />
            <tbody>
              {results.map(({ column, values }) => (
                <tr key={column.field} data-field={column.field}>
                  <th scope="row" title={column.field}>
                    {headerWords(column)}{' '}
                    {column.better && (
                      <span title={directionWords[column.better]} role="img" aria-label={directionWords[column.better]}>
                        {arrows[column.better]}
                      </span>
                    )}
                  </th>
                  {values.map((value, index) => (
                    <td key={runs[index]!.id} data-number="true">
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
    </section>
  );
}

function Difference({ delta, why }: Pick<ComparedValue, 'delta' | 'why'>) {
  if (why) return <div className={styles.difference}>{why}</div>;
  if (!delta) return null;
  const { text, verdict } = delta;
  const colour = verdict === 'better' || verdict === 'worse' ? styles[verdict] : '';
  return (
    <div className={`${styles.difference} ${colour}`}>
      {text} {verdict}
    </div>
  );
}
