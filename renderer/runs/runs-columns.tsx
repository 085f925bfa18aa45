import { VisuallyHidden } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { resultsColumn } from '../../common/results/columns.ts';
import { seedCount } from '../../common/results/groups.ts';
import type { RunsView } from '../../common/runs-view.ts';
import { RowBox } from '../ui/RowBox.tsx';
import { RowButton } from '../ui/RowButton.tsx';
import { type ColumnLayout, type Columns, columnHelper } from '../ui/table-features.ts';
import type { RunRow } from './list-rows.ts';
import { GroupCell, RunCell } from './RunCell.tsx';
import { RunColour } from './RunColour.tsx';
import { RunMenu } from './RunMenu.tsx';
import { RunSubtitle } from './RunParts.tsx';
import styles from './Runs.module.css';
import { useChosen } from './run-selection.ts';
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
  view: Pick<RunsView, 'columns' | 'colours'>;
  /** Fields that no run has. */
  gone: readonly string[];
  onFold: (key: string) => void;
  /** The view is to have no colour for the run. */
  onOwnColour: (run: string) => void;
}

export function runsColumns({ view, gone, onFold, onOwnColour }: ColumnsOfRuns): {
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
      header: () => <SelectShown />,
      cell: ({ row: { original: row } }) => (
        <SelectBox
          label={`Select ${row.type === 'run' ? row.run.name : `all of ${row.group.name}`}`}
          ids={idsOf(row)}
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

function SelectShown() {
  return <SelectBox label="Select all that are shown" ids={useChosen().shown} />;
}

function SelectBox({ label, ids }: { label: string; ids: readonly string[] }) {
  const selection = useChosen();
  const chosen = selection.ids.size === 0 ? 0 : ids.filter((id) => selection.ids.has(id)).length;
  return (
    <RowBox
      label={label}
      checked={chosen > 0 && chosen === ids.length}
      partly={chosen > 0 && chosen < ids.length}
      onChange={(checked) => selection.choose(ids, checked)}
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
    <div className={styles.title} data-in-group={inGroup}>
      <RunColour run={run} otherwise={colour} onReset={() => onOwnColour(run.id)} />
      <div className={styles.words}>
        <div className={styles.name} title={run.name}>
          {run.name}
        </div>
        <div className={styles.below}>
          <TagsOfRun run={run} />
          <RunSubtitle run={run} />
        </div>
      </div>
    </div>
  );
}

function GroupTitle({ row, onFold }: { row: Extract<RunRow, { type: 'group' }>; onFold: (key: string) => void }) {
  const { group, folded } = row;
  const Chevron = folded ? ChevronRight : ChevronDown;
  return (
    <div className={styles.title} data-group>
      <RowButton
        className={styles.dot}
        aria-label={`Runs of ${group.name}`}
        aria-expanded={!folded}
        onClick={() => onFold(group.key)}
      >
        <Chevron size={16} aria-hidden />
      </RowButton>
      <div className={styles.name} title={group.name}>
        {group.name}
      </div>
      <span className={`${styles.small} numbers`}>n = {seedCount(group)}</span>
    </div>
  );
}
