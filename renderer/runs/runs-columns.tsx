import { ActionIcon, Checkbox, Group, Text, VisuallyHidden } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { resultsColumn } from '../../common/results/columns.ts';
import { seedCount } from '../../common/results/groups.ts';
import type { RunsView } from '../../common/runs-view.ts';
import { type ColumnLayout, type Columns, columnHelper } from '../ui/table-features.ts';
import type { RunRow } from './list-rows.ts';
import { GroupCell, RunCell } from './RunCell.tsx';
import { RunColour } from './RunColour.tsx';
import { RunMenu } from './RunMenu.tsx';
import { RunSubtitle } from './RunParts.tsx';
import type { RunSelection } from './run-selection.ts';
import { StarRun } from './StarRun.tsx';
import { TagsOfRun } from './TagsOfRun.tsx';

/** What one sees before columns are chosen, and from which width of the window on. */
export const usualColumns: readonly { field: string; from?: number }[] = [
  { field: 'state' },
  { field: 'arch', from: 1200 },
  { field: 'epoch', from: 620 },
  { field: 'loss', from: 900 },
  { field: 'knn', from: 720 },
  { field: 'started', from: 1000 },
  { field: 'duration', from: 1000 },
  { field: 'device', from: 1560 },
];

const widths: Record<string, number> = {
  state: 128,
  arch: 104,
  epoch: 84,
  loss: 138,
  knn: 130,
  started: 116,
  duration: 108,
  device: 76,
  name: 220,
};
const usualWidth = 150;
const textFields = new Set(['state', 'arch', 'started', 'created', 'ended', 'device', 'name', 'tag', 'note', 'error']);

const timeFields = new Set(['created', 'started', 'ended']);

const column = columnHelper<RunRow>();

interface ColumnsOfRuns {
  view: RunsView;
  selection: RunSelection;
  /** Fields that no run has. */
  gone: readonly string[];
  onFold: (key: string) => void;
  /** The view is to have no colour for the run. */
  onOwnColour: (run: string) => void;
}

export function runsColumns({ view, selection, gone, onFold, onOwnColour }: ColumnsOfRuns): {
  columns: Columns<RunRow>;
  layouts: Record<string, ColumnLayout>;
} {
  const own = view.columns.length > 0;
  const fields: { field: string; from?: number; width?: number }[] = own ? view.columns : [...usualColumns];
  const layouts: Record<string, ColumnLayout> = {
    select: { width: 42, pinned: true },
    star: { width: 52, from: 620, pinned: true },
    title: { width: 'auto', pinned: true, heading: true },
    actions: { width: 52 },
  };
  for (const { field, from, width } of fields) {
    const number = !textFields.has(field) && !field.startsWith('config:');
    layouts[field] = { width: width ?? widths[field] ?? usualWidth, number, from };
  }
  const columns = column.columns([
    column.display({
      id: 'select',
      header: () => <SelectBox label="Select all that are shown" ids={selection.shown} selection={selection} />,
      cell: ({ row: { original: row } }) => (
        <SelectBox
          label={`Select ${row.type === 'run' ? row.run.name : `all of ${row.group.name}`}`}
          ids={idsOf(row)}
          selection={selection}
        />
      ),
    }),
    column.display({
      id: 'star',
      header: () => <VisuallyHidden>Star</VisuallyHidden>,
      cell: ({ row: { original: row } }) => (row.type === 'run' ? <StarRun run={row.run} /> : null),
    }),
    column.accessor((row) => nameOf(row), {
      id: 'title',
      header: 'Name',
      cell: ({ row: { original: row } }) =>
        row.type === 'run' ? (
          <RunTitle run={row.run} inGroup={row.inGroup} colour={view.colours[row.run.id]} onOwnColour={onOwnColour} />
        ) : (
          <GroupTitle row={row} onFold={onFold} />
        ),
    }),
    ...fields.map(({ field }) =>
      column.accessor((row) => row.id, {
        id: field,
        sortDescFirst: isBestFirst(field, layouts[field]?.number === true),
        header: () => <span title={field}>{headerOf(field, gone)}</span>,
        cell: ({ row: { original: row } }) =>
          row.type === 'run' ? <RunCell run={row.run} field={field} /> : <GroupCell group={row.group} field={field} />,
      }),
    ),
    column.display({
      id: 'actions',
      header: () => <VisuallyHidden>Actions</VisuallyHidden>,
      cell: ({ row: { original: row } }) => (row.type === 'run' ? <RunMenu run={row.run} /> : null),
    }),
  ]);
  return { columns, layouts };
}

/** The better end first, or the newest; texts from A to Z. */
function isBestFirst(field: string, number: boolean): boolean {
  return timeFields.has(field) || (number && resultsColumn({ field }).better !== 'minimum');
}

export function idsOf(row: RunRow): string[] {
  return row.type === 'run' ? [row.run.id] : row.group.runs.map(({ id }) => id);
}

function nameOf(row: RunRow): string {
  return row.type === 'run' ? row.run.name : row.group.name;
}

function headerOf(field: string, gone: readonly string[]): string {
  const { label, unit } = resultsColumn({ field });
  if (gone.includes(field)) return `${label} (gone)`;
  return unit && field !== 'duration' && field !== 'size' ? `${label} (${unit})` : label;
}

interface SelectBoxProps {
  label: string;
  ids: readonly string[];
  selection: RunSelection;
}

function SelectBox({ label, ids, selection }: SelectBoxProps) {
  const chosen = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <Checkbox
      size="xs"
      aria-label={label}
      checked={chosen > 0 && chosen === ids.length}
      indeterminate={chosen > 0 && chosen < ids.length}
      onChange={({ currentTarget }) => selection.choose(ids, currentTarget.checked)}
      // The row opens by a click and by Enter, and has keys of its own.
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}

interface RunTitleProps {
  run: RunRecord;
  inGroup: boolean;
  /** Of the view, from before runs had theirs in all of them. */
  colour: string | undefined;
  onOwnColour: ColumnsOfRuns['onOwnColour'];
}

function RunTitle({ run, inGroup, colour, onOwnColour }: RunTitleProps) {
  return (
    <Group gap={4} wrap="nowrap" pl={inGroup ? 26 : 0} ml={-6}>
      <RunColour run={run} otherwise={colour} onReset={() => onOwnColour(run.id)} />
      <div style={{ minWidth: 0 }}>
        <Text fz="sm" fw={500} truncate title={run.name}>
          {run.name}
        </Text>
        <Group gap={6} wrap="nowrap" style={{ overflow: 'hidden' }}>
          <TagsOfRun run={run} />
          <RunSubtitle run={run} />
        </Group>
      </div>
    </Group>
  );
}

function GroupTitle({ row, onFold }: { row: Extract<RunRow, { type: 'group' }>; onFold: (key: string) => void }) {
  const { group, folded } = row;
  const Chevron = folded ? ChevronRight : ChevronDown;
  return (
    <Group gap={4} wrap="nowrap" ml={-6}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={`Runs of ${group.name}`}
        aria-expanded={!folded}
        onClick={(event) => {
          event.stopPropagation();
          onFold(group.key);
        }}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <Chevron size={16} aria-hidden />
      </ActionIcon>
      <Text fz="sm" fw={600} truncate title={group.name}>
        {group.name}
      </Text>
      <Text fz={12} className="quiet numbers" style={{ flexShrink: 0 }}>
        n = {seedCount(group)}
      </Text>
    </Group>
  );
}
