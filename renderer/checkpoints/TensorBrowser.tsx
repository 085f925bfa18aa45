import { Group, Skeleton, Text, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CheckpointSummary, TensorEntry } from '../../common/checkpoints.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { RecordTable } from '../ui/RecordTable.tsx';
import { columnHelper } from '../ui/table-features.ts';
import styles from './TensorBrowser.module.css';
import { TensorPanel } from './TensorPanel.tsx';
import { bytesOf, elementsOf } from './tensor-size.ts';
import { useTensors } from './use-tensors.ts';
import { shapeWords } from './words.ts';

type TensorRow = TensorEntry & { id: string };

const column = columnHelper<TensorRow>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Name',
    sortFn: 'text',
    cell: ({ getValue }) => (
      <span className={`mono ${styles.name}`} title={getValue()}>
        <bdi>{getValue()}</bdi>
      </span>
    ),
  }),
  column.accessor((tensor) => elementsOf(tensor.shape), {
    id: 'shape',
    header: 'Shape',
    cell: ({ row }) => shapeWords(row.original.shape),
  }),
  column.accessor('dtype', { header: 'Type', sortFn: 'text' }),
  column.accessor((tensor) => bytesOf(tensor) ?? undefined, {
    id: 'size',
    header: 'Size',
    sortUndefined: 'last',
    cell: ({ row }) => formatBytes(bytesOf(row.original)),
  }),
]);

const layouts = {
  name: { width: 'auto' as const },
  shape: { width: 136, from: 620 },
  dtype: { width: 80, from: 1200 },
  size: { width: 84, number: true, from: 1200 },
};

/** All tensors of a file by name, and the values of the chosen one. */
export function TensorBrowser({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const { data, error, isPending, refetch } = useTensors(checkpoint, null);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return (data?.tensors ?? [])
      .filter(({ name, dtype }) => words.every((word) => `${name} ${dtype}`.toLowerCase().includes(word)))
      .map((tensor): TensorRow => ({ ...tensor, id: tensor.name }));
  }, [data, search]);

  if (error) return <ErrorNotice title="The file could not be read" error={error} onRetry={refetch} />;
  if (isPending) return <Skeleton height={320} aria-busy aria-label="Reading the tensors" />;

  const current = chosen ?? data.tensors.find(({ shape }) => shape.length > 1)?.name ?? data.tensors[0]?.name;
  return (
    <div className={styles.columns}>
      <div style={{ minWidth: 0 }}>
        <Group justify="space-between" mb="xs">
          <TextInput
            data-search
            w={{ base: '100%', xs: 280 }}
            placeholder="Search tensors"
            aria-label="Search tensors"
            leftSection={<Search size={15} />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
          <Text fz="xs" className="quiet numbers" role="status">
            {summaryOf(rows, data.tensors.length)}
          </Text>
        </Group>
        {rows.length > 0 ? (
          <RecordTable
            label="Tensors"
            rows={rows}
            columns={columns}
            layouts={layouts}
            rowHeight={32}
            current={current}
            className={styles.list}
            onOpen={({ name }) => setChosen(name)}
            onEscape={() => setSearch('')}
          />
        ) : (
          <Text fz="sm" className="quiet surface" p="md">
            No tensor has all of these words in its name.
          </Text>
        )}
      </div>
      {current !== undefined && <TensorPanel checkpoint={checkpoint} name={current} />}
    </div>
  );
}

function summaryOf(shown: readonly TensorEntry[], all: number): string {
  const numbers = shown.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  const count =
    shown.length === all ? `${formatCount(all)} tensors` : `${formatCount(shown.length)} of ${formatCount(all)}`;
  return `${count}, ${formatCount(numbers)} numbers`;
}
