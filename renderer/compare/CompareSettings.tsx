import { Text, Title } from '@mantine/core';
import type { Comparison } from '../../common/results/comparison.ts';
import styles from './Compare.module.css';
import { RunHeaders } from './RunHeaders.tsx';

/** Only what differs. */
export function CompareSettings({ comparison: { runs, baseline, settings } }: { comparison: Comparison }) {
  return (
    <section aria-label="Settings that differ">
      <Title order={2} mb="xs">
        Settings that differ
      </Title>
      {settings.length === 0 ? (
        <Text fz="sm">No setting differs.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
        <div className={`surface ${styles.scroller}`} tabIndex={0}>
          <table className={styles.table} aria-label="Settings in which the compared runs differ">
            <RunHeaders title="Setting" runs={runs} baseline={baseline} />
            <tbody>
              {settings.map(({ key, label, values }) => (
                <tr key={key}>
                  <th scope="row" title={key}>
                    {label}
                  </th>
                  {values.map((value, index) => (
                    <td key={runs[index]!.id} className={styles.value}>
                      {value}
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
