import { Group, useComputedColorScheme } from '@mantine/core';
import { CurveSample } from '../../charts/CurveSample.tsx';
import { curveStyle } from '../../charts/palette.ts';
import styles from './Panels.module.css';

interface ColumnNameProps {
  name: string;
  index: number;
  isBaseline: boolean;
}

/** The name over a column, with its colour. */
export function ColumnName({ name, index, isBaseline }: ColumnNameProps) {
  const scheme = useComputedColorScheme('light');
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <CurveSample style={curveStyle(index, scheme)} />
      <span className={styles.columnName} title={name}>
        {name}
        {isBaseline && ' (baseline)'}
      </span>
    </Group>
  );
}
