import { Group } from '@mantine/core';
import { RowSample } from '../RowStyles.tsx';
import styles from './Panels.module.css';

interface ColumnNameProps {
  reference: string;
  name: string;
  isBaseline: boolean;
}

/** The name over a column, with its colour. */
export function ColumnName({ reference, name, isBaseline }: ColumnNameProps) {
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <RowSample reference={reference} />
      <span className={styles.columnName} title={name}>
        {name}
        {isBaseline && ' (baseline)'}
      </span>
    </Group>
  );
}
