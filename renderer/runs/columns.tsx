import { Group, Progress, Text, VisuallyHidden } from '@mantine/core';
import { chainName } from '../../common/chains.ts';
import { runValue } from '../../common/filter/run-fields.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { useChainPlace } from '../api/ChainsProvider.tsx';
import { formatAgo, formatDuration, formatPercent, formatSignificant, formatUtc } from '../ui/format.ts';
import { progressOf } from '../ui/progress.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { type ColumnLayout, columnHelper } from '../ui/table-features.ts';
import { RunMenu } from './RunMenu.tsx';
import { SelectRun } from './SelectRun.tsx';
import { StarRun } from './StarRun.tsx';
import { TagsOfRun } from './TagsOfRun.tsx';

const column = columnHelper<RunRecord>();

export const layouts: Record<string, ColumnLayout> = {
  select: { width: 42 },
  star: { width: 52, from: 620 },
  state: { width: 128 },
  name: { width: 'auto' },
  arch: { width: 104, from: 1200 },
  epoch: { width: 92, number: true, from: 620 },
  loss: { width: 76, number: true, from: 780 },
  knn: { width: 100, number: true, from: 620 },
  started: { width: 124, from: 1000 },
  duration: { width: 116, number: true, from: 1000 },
  device: { width: 76, from: 1360 },
  actions: { width: 52 },
};

export const columns = column.columns([
  column.display({
    id: 'select',
    header: () => <VisuallyHidden>Selected</VisuallyHidden>,
    cell: ({ row }) => <SelectRun run={row.original} />,
  }),
  column.display({
    id: 'star',
    header: () => <VisuallyHidden>Star</VisuallyHidden>,
    cell: ({ row }) => <StarRun run={row.original} />,
  }),
  column.accessor('state', {
    header: 'State',
    sortFn: 'text',
    cell: ({ row }) => <StateCell run={row.original} />,
  }),
  column.accessor('name', {
    header: 'Name',
    sortFn: 'text',
    cell: ({ row: { original: run } }) => (
      <div style={{ minWidth: 0 }}>
        <Text fz="sm" fw={500} truncate title={run.name}>
          {run.name}
        </Text>
        <Group gap={6} wrap="nowrap" style={{ overflow: 'hidden' }}>
          <TagsOfRun run={run} />
          <RunSubtitle run={run} />
        </Group>
      </div>
    ),
  }),
  column.accessor((run) => textOrNothing(run.config.arch), { id: 'arch', header: 'Backbone', sortFn: 'text' }),
  column.accessor((run) => run.epoch, {
    id: 'epoch',
    header: 'Epoch',
    cell: ({ row: { original: run } }) => epochWords(run, ' / '),
  }),
  column.accessor((run) => finiteOrNothing(run.last['step/loss']), {
    id: 'loss',
    header: 'Loss',
    sortUndefined: 'last',
    cell: ({ row }) => formatSignificant(row.original.last['epoch/loss'] ?? row.original.last['step/loss']),
  }),
  column.accessor((run) => finiteOrNothing(knnOf(run)), {
    id: 'knn',
    header: 'Best kNN',
    sortUndefined: 'last',
    sortDescFirst: true,
    cell: ({ row }) => formatPercent(knnOf(row.original)),
  }),
  column.accessor((run) => run.startedAt ?? run.createdAt, {
    id: 'started',
    header: 'Started',
    sortFn: 'text',
    sortDescFirst: true,
    cell: ({ row: { original: run } }) =>
      run.startedAt ? <span title={formatUtc(run.startedAt)}>{formatAgo(run.startedAt)}</span> : '–',
  }),
  column.accessor(durationOf, {
    id: 'duration',
    header: 'Duration',
    sortUndefined: 'last',
    cell: ({ getValue }) => formatDuration(getValue()),
  }),
  column.accessor((run) => run.device ?? undefined, {
    id: 'device',
    header: 'Device',
    sortFn: 'text',
    sortUndefined: 'last',
    cell: ({ getValue }) => getValue() ?? '–',
  }),
  column.display({
    id: 'actions',
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    cell: ({ row }) => <RunMenu run={row.original} />,
  }),
]);

/** Of the probe during training, or what an evaluation found. */
function knnOf(run: RunRecord): number | undefined {
  const value = runValue(run, 'knn');
  return typeof value === 'number' ? value : undefined;
}

function StateCell({ run }: { run: RunRecord }) {
  const progress = progressOf(run);
  return (
    <Group gap={0} style={{ flexDirection: 'column', alignItems: 'stretch' }} w={104}>
      <div>
        <StateBadge state={run.state} />
      </div>
      {isActive(run.state) && (
        <Progress mt={4} size={3} value={(progress ?? 0) * 100} aria-label={`${Math.floor((progress ?? 0) * 100)} %`} />
      )}
    </Group>
  );
}

function RunSubtitle({ run }: { run: RunRecord }) {
  const place = useChainPlace(run.id);
  const chain = place && `${chainName(place.record)}, link ${place.at + 1} of ${place.record.links.length}`;
  return (
    <Text fz={12} className="quiet" truncate title={chain}>
      {[chain, subtitleOf(run)].filter(Boolean).join(' · ')}
    </Text>
  );
}

function subtitleOf(run: RunRecord): string {
  if (run.state === 'failed' && run.error) return run.error.message;
  if (isActive(run.state) && run.stage) return run.stage;
  return [run.recipe, run.id].filter(Boolean).join(' · ');
}

/** The epoch that is under way, counted from 1 as people do; of a run that rests, the epochs that it has done. */
export function epochWords({ epoch, epochs, state }: RunRecord, of: string): string {
  if (!epochs || state === 'queued') return '–';
  return `${isActive(state) ? Math.min(epoch + 1, epochs) : epoch}${of}${epochs}`;
}

export function durationOf(run: RunRecord): number | undefined {
  if (!run.startedAt) return undefined;
  const end = run.endedAt ? new Date(run.endedAt).getTime() : isActive(run.state) ? Date.now() : undefined;
  return end === undefined ? undefined : end - new Date(run.startedAt).getTime();
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What is not a number is sorted last, whichever way. */
function finiteOrNothing(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
