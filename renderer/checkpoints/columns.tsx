import { Anchor, Text, VisuallyHidden } from '@mantine/core';
import type { KeyboardEvent, MouseEvent } from 'react';
import { Link } from 'wouter';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { CopyText } from '../ui/CopyText.tsx';
import { formatAgo, formatBytes, formatPercent, formatUtc } from '../ui/format.ts';
import { type ColumnLayout, columnHelper } from '../ui/table-features.ts';
import { CheckpointMenu } from './CheckpointMenu.tsx';
import { CheckpointStateTag } from './CheckpointState.tsx';
import { resultsOf } from './filter-checkpoints.ts';
import { SelectCheckpoint } from './SelectCheckpoint.tsx';
import { formatWords, layoutWords } from './words.ts';

const column = columnHelper<CheckpointSummary>();

export const layouts: Record<string, ColumnLayout> = {
  select: { width: 42 },
  name: { width: 'auto' },
  arch: { width: 150, from: 760 },
  source: { width: 150, from: 1500 },
  epoch: { width: 76, number: true, from: 860 },
  size: { width: 92, number: true, from: 860 },
  hash: { width: 104, from: 1600 },
  result: { width: 126, number: true, from: 620 },
  created: { width: 112, from: 1000 },
  state: { width: 112 },
  actions: { width: 52 },
};

export const columns = column.columns([
  column.display({
    id: 'select',
    header: () => <VisuallyHidden>Selected</VisuallyHidden>,
    cell: ({ row }) => <SelectCheckpoint checkpoint={row.original} />,
  }),
  column.accessor('name', {
    header: 'Name',
    sortFn: 'text',
    cell: ({ row: { original: checkpoint } }) => (
      <div style={{ minWidth: 0 }}>
        <Text fz="sm" fw={500} truncate title={checkpoint.name}>
          {checkpoint.name}
        </Text>
        <Text fz={12} className="quiet" truncate title={checkpoint.origin}>
          {subtitleOf(checkpoint)}
        </Text>
      </div>
    ),
  }),
  column.accessor((checkpoint) => checkpoint.arch ?? undefined, {
    id: 'arch',
    header: 'Backbone',
    sortFn: 'text',
    sortUndefined: 'last',
    cell: ({ getValue }) => getValue() ?? '–',
  }),
  column.accessor((checkpoint) => checkpoint.run?.name ?? layoutWords(checkpoint.layout), {
    id: 'source',
    header: 'Source',
    sortFn: 'text',
    cell: ({ row: { original: checkpoint } }) => <Source checkpoint={checkpoint} />,
  }),
  column.accessor((checkpoint) => checkpoint.epoch ?? undefined, {
    id: 'epoch',
    header: 'Epoch',
    sortUndefined: 'last',
    cell: ({ getValue }) => getValue() ?? '–',
  }),
  column.accessor('sizeBytes', {
    id: 'size',
    header: 'Size',
    cell: ({ getValue }) => formatBytes(getValue()),
  }),
  column.accessor('sha256', {
    id: 'hash',
    header: 'SHA-256',
    enableSorting: false,
    cell: ({ row: { original: checkpoint } }) => (
      <CopyText text={checkpoint.sha256} shown={checkpoint.sha256.slice(0, 8)} label="the SHA-256" />
    ),
  }),
  column.accessor((checkpoint) => resultsOf(checkpoint)[0]?.value, {
    id: 'result',
    header: 'Best result',
    sortUndefined: 'last',
    sortDescFirst: true,
    cell: ({ row: { original: checkpoint } }) => <BestResult checkpoint={checkpoint} />,
  }),
  column.accessor('createdAt', {
    id: 'created',
    header: 'Created',
    sortFn: 'text',
    sortDescFirst: true,
    cell: ({ getValue }) => <span title={formatUtc(getValue())}>{formatAgo(getValue())}</span>,
  }),
  column.accessor('state', {
    header: 'State',
    sortFn: 'text',
    cell: ({ row }) => <CheckpointStateTag {...row.original} />,
  }),
  column.display({
    id: 'actions',
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    cell: ({ row }) => <CheckpointMenu checkpoint={row.original} />,
  }),
]);

function subtitleOf({ problem, source, run, layout, format, how, id }: CheckpointSummary): string {
  if (problem) return problem;
  if (source === 'run') return `${run?.id} · ${id}`;
  return `${layoutWords(layout)} · ${formatWords[format]}${how === 'linked' ? ' · linked' : ''} · ${id}`;
}

/** The run that made it, by a link, or whose file it was. */
function Source({ checkpoint: { run, layout } }: { checkpoint: CheckpointSummary }) {
  if (!run) return `Imported, ${layoutWords(layout)}`;
  return (
    <Anchor
      component={Link}
      href={`/runs/${run.id}`}
      fz="sm"
      title={run.name}
      onClick={(event: MouseEvent) => event.stopPropagation()}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && event.stopPropagation()}
    >
      {run.name}
    </Anchor>
  );
}

function BestResult({ checkpoint }: { checkpoint: CheckpointSummary }) {
  const all = resultsOf(checkpoint);
  const best = all[0];
  if (!best) return '–';
  const every = all.map(({ words, value }) => `${words} ${formatPercent(value)}`).join('\n');
  return (
    <div title={every}>
      {formatPercent(best.value)}
      <Text fz={12} className="quiet" truncate>
        {best.words}
        {all.length > 1 ? ` + ${all.length - 1}` : ''}
      </Text>
    </div>
  );
}
