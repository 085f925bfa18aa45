import { Text, Title } from '@mantine/core';
import type { Comparison } from '../../common/results/comparison.ts';
import styles from './Compare.module.css';
import { RowHeaders } from './RowHeaders.tsx';

/** Only what differs. */
export function CompareSettings({ comparison: { rows, baseline, settings } }: { comparison: Comparison }) {
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
          <table className={styles.table} aria-label="Settings in which the rows differ">
            <RowHeaders title="Setting" rows={rows} baseline={baseline} />
            <tbody>
              {settings.map(({ key, label, values }) => (
                <tr key={key}>
                  <th scope="row" title={key}>
                    {label}
                  </th>
                  {values.map((value, index) => (
                    <td key={rows[index]!.reference} className={styles.value}>
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
