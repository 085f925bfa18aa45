import { Button, Group, Select } from '@mantine/core';
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { resultsColumn } from '../../common/results/columns.ts';

interface GroupByProps {
  value: string;
  fields: readonly string[];
  folded: boolean;
  /** There is a group to fold. */
  foldable: boolean;
  onGroup: (field: string) => void;
  onFold: (folded: boolean) => void;
}

/** By what runs are put together. */
export function GroupBy({ value, fields, folded, foldable, onGroup, onFold }: GroupByProps) {
  const plain = [
    { value: 'seed', label: 'All but the seed' },
    { value: 'none', label: 'Not grouped' },
  ];
  const others = fields.map((field) => ({ value: field, label: `${resultsColumn({ field }).label} · ${field}` }));
  const known = [...plain, ...others].some((one) => one.value === value);
  return (
    <Group gap={6} wrap="nowrap">
      <Select
        size="xs"
        w={210}
        searchable
        allowDeselect={false}
        limit={100}
        aria-label="Group by"
        nothingFoundMessage="No run has such a field"
        data={[...plain, ...others, ...(known ? [] : [{ value, label: `${value} (gone)` }])]}
        value={value}
        onChange={(field) => field && onGroup(field)}
      />
      {foldable && (
        <Button
          size="xs"
          variant="default"
          leftSection={folded ? <ChevronsUpDown size={14} aria-hidden /> : <ChevronsDownUp size={14} aria-hidden />}
          onClick={() => onFold(!folded)}
        >
          {folded ? 'Unfold' : 'Fold'}
        </Button>
      )}
    </Group>
  );
}
