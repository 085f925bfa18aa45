import { Group, Text, useComputedColorScheme } from '@mantine/core';
import type { Comparison } from '../../common/results/comparison.ts';
import { CurveSample } from '../charts/CurveSample.tsx';
import { curveStyle } from '../charts/palette.ts';
import styles from './Compare.module.css';

interface RowHeadersProps extends Pick<Comparison, 'rows' | 'baseline'> {
  title: string;
  number?: boolean;
}

/** The head of a table that has a column for each row of the comparison. */
export function RowHeaders({ title, rows, baseline, number }: RowHeadersProps) {
  const scheme = useComputedColorScheme('light');
  return (
    <thead>
      <tr>
        <th scope="col">{title}</th>
        {rows.map((row, index) => (
          <th key={row.reference} scope="col" data-number={number}>
            <Group gap={6} wrap="nowrap" justify={number ? 'flex-end' : 'flex-start'} align="flex-start">
              <CurveSample style={curveStyle(index, scheme)} />
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
