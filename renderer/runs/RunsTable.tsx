import { type KeyboardEvent, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { RunsView } from '../../common/runs-view.ts';
import { RecordTable } from '../ui/RecordTable.tsx';
import type { RunRow } from './list-rows.ts';
import { type RunSelection, RunSelectionContext } from './run-selection.ts';
import { idsOf, runsColumns, usualColumns } from './runs-columns.tsx';

interface RunsTableProps {
  rows: RunRow[];
  view: RunsView;
  gone: readonly string[];
  selection: RunSelection;
  onChange: (change: Partial<RunsView>) => void;
  onFold: (key: string) => void;
  onEscape: () => void;
}

export function RunsTable({ rows, view, gone, selection, onChange, onFold, onEscape }: RunsTableProps) {
  const [, navigate] = useLocation();
  const { columns: shown, colours } = view;
  const { columns, layouts } = useMemo(
    () =>
      runsColumns({
        view: { columns: shown, colours },
        gone,
        onFold,
        onOwnColour: (run) => {
          const { [run]: before, ...others } = colours;
          if (before) onChange({ colours: others });
        },
      }),
    [shown, colours, gone, onFold, onChange],
  );

  function setWidth(field: string, width: number | undefined) {
    const all = view.columns.length > 0 ? view.columns : usualColumns.map((one) => ({ field: one.field }));
    onChange({ columns: all.map((one) => (one.field === field ? { field, ...(width && { width }) } : one)) });
  }

  function onKey(event: KeyboardEvent, row: RunRow) {
    if (event.key === ' ') {
      const ids = idsOf(row);
      selection.choose(ids, !ids.every((id) => selection.ids.has(id)));
      return true;
    }
    if (row.type === 'group') {
      const wished = event.key === 'ArrowRight' ? false : event.key === 'ArrowLeft' ? true : row.folded;
      if (wished === row.folded) return false;
      onFold(row.group.key);
      return true;
    }
    if (event.key !== 'd' || !(event.ctrlKey || event.metaKey)) return false;
    navigate(`/launch/again/${row.run.id}`);
    return true;
  }

  return (
    <RunSelectionContext value={selection}>
      <RecordTable
        label="Runs"
        rows={rows}
        columns={columns}
        layouts={layouts}
        sorting={{ field: view.sort.field === 'name' ? 'title' : view.sort.field, descending: view.sort.descending }}
        onSort={({ field, descending }) =>
          onChange({ sort: { field: field === 'title' ? 'name' : field, descending } })
        }
        onWidth={(field, width) => field !== 'title' && setWidth(field, width)}
        onOpen={(row) => (row.type === 'run' ? navigate(`/runs/${row.run.id}`) : onFold(row.group.key))}
        onKey={onKey}
        onEscape={onEscape}
      />
    </RunSelectionContext>
  );
}
