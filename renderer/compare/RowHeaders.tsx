import { Group, Text } from '@mantine/core';
import type { Comparison } from '../../common/results/comparison.ts';
import styles from './Compare.module.css';
import { RowSample } from './RowStyles.tsx';

interface RowHeadersProps extends Pick<Comparison, 'rows' | 'baseline'> {
  title: string;
  number?: boolean;
}

/** The head of a table that has a column for each row of the comparison. */
export function RowHeaders({ title, rows, baseline, number }: RowHeadersProps) {
  return (
    <thead>
      <tr>
        <th scope="col">{title}</th>
        {rows.map((row) => (
          <th key={row.reference} scope="col" data-number={number}>
            <Group gap={6} wrap="nowrap" justify={number ? 'flex-end' : 'flex-start'} align="flex-start">
              <RowSample reference={row.reference} />
              <span className={styles.head} title={row.detail}>
                {row.name}
                {row === baseline && ' (baseline)'}
              </span>
            </Group>
            {row.kind !== 'run' && (
              <Text fz={12} className={`quiet ${styles.kind}`}>
                {row.kind === 'published' ? 'published' : 'checkpoint'}
              </Text>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}
