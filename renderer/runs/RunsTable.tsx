import type { KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { RecordTable } from '../ui/RecordTable.tsx';
import { columns, layouts } from './columns.tsx';
import { useRunSelection } from './run-selection.ts';

export function RunsTable({ runs, onEscape }: { runs: RunRecord[]; onEscape: () => void }) {
  const [, navigate] = useLocation();
  const { toggle } = useRunSelection();

  function onKey(event: KeyboardEvent, run: RunRecord) {
    if (event.key === ' ') {
      toggle(run.id);
      return true;
    }
    if (event.key !== 'd' || !(event.ctrlKey || event.metaKey)) return false;
    navigate(`/launch/again/${run.id}`);
    return true;
  }

  return (
    <RecordTable
      label="Runs"
      rows={runs}
      columns={columns}
      layouts={layouts}
      sortedBy="started"
      onOpen={(run) => navigate(`/runs/${run.id}`)}
      onKey={onKey}
      onEscape={onEscape}
    />
  );
}
