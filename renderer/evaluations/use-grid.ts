import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import {
  type EvaluationGrid,
  type GridCell,
  type GridColumn,
  type Measure,
  measureKinds,
} from '../../common/evaluations.ts';
import { useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import type { PlacedCell } from './placed-cell.ts';
import { measureId } from './selection.ts';

export interface Grid {
  cellAt: (checkpoint: CheckpointSummary, measure: Measure) => PlacedCell;
  columnOf: (measure: Measure) => GridColumn | undefined;
  /** Row after row. */
  cells: PlacedCell[];
  loading: boolean;
  error: unknown;
  launch: (cells: PlacedCell[]) => void;
  launching: boolean;
  cancelAll: () => void;
}

/** While the images of a column are looked through. */
const checkingMs = 1000;

export function useGrid(checkpoints: CheckpointSummary[], measures: Measure[]): Grid {
  const client = useTRPCClient();
  const { runs } = useRuns();
  const [refusals, setRefusals] = useState<ReadonlyMap<string, string>>(new Map());
  // A result comes with the end of a run: that is when there is something to ask for.
  const states = useMemo(
    () => runs.flatMap(({ id, kind, state }) => (measureKinds.includes(kind) ? [`${id} ${state}`] : [])).join(),
    [runs],
  );
  const chosen = checkpoints.map(({ sha256 }) => sha256);
  const { data, error } = useQuery({
    queryKey: ['evaluation-grid', chosen, measures, states],
    queryFn: async () => ({
      chosen,
      measures,
      grid: await client.evaluations.grid.mutate({ checkpoints: chosen, measures }),
    }),
    enabled: chosen.length > 0 && measures.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isChecking(state.data?.grid) ? checkingMs : false),
  });

  const answer = useMemo(() => {
    const cells = new Map<string, GridCell>();
    const columns = new Map<string, GridColumn>();
    data?.measures.forEach((measure, column) => {
      const id = measureId(measure);
      const found = data.grid.columns[column];
      if (found) columns.set(id, found);
      data.chosen.forEach((sha256, row) => {
        const cell = data.grid.cells[row]?.[column];
        if (cell) cells.set(`${sha256} ${id}`, cell);
      });
    });
    return { cells, columns };
  }, [data]);

  const cellAt = (checkpoint: CheckpointSummary, measure: Measure): PlacedCell => {
    const key = keyOf(checkpoint, measure);
    return { checkpoint, measure, cell: answer.cells.get(key), refused: refusals.get(key) };
  };
  const cells = checkpoints.flatMap((checkpoint) => measures.map((measure) => cellAt(checkpoint, measure)));

  const launch = useMutation({
    mutationFn: async (wanted: PlacedCell[]) => {
      const requests = wanted.map(({ checkpoint, measure }) => ({ checkpoint: checkpoint.sha256, measure }));
      const launched = await client.evaluations.launch.mutate({ cells: requests });
      setRefusals((before) => {
        const after = new Map(before);
        for (const [place, { checkpoint, measure }] of wanted.entries()) {
          const answer = launched[place];
          const key = keyOf(checkpoint, measure);
          if (answer && 'refused' in answer) {
            after.set(key, [answer.refused.message, answer.refused.cure].filter(Boolean).join(' '));
          } else after.delete(key);
        }
        return after;
      });
    },
    onError: (thrown) => showError('The evaluations could not be queued', thrown),
  });

  async function cancelAll() {
    // Those that wait first, or the next of them would start when the first is stopped.
    const active = cells.flatMap(({ cell }) => (cell?.state === 'active' ? [cell] : []));
    const order = active.toSorted((a, b) => Number(a.run !== 'queued') - Number(b.run !== 'queued'));
    for (const { runId } of order) {
      await client.runs.stop.mutate({ id: runId }).catch((thrown) => showError('A run could not be stopped', thrown));
    }
  }

  return {
    cellAt,
    columnOf: (measure) => answer.columns.get(measureId(measure)),
    cells,
    loading: data === undefined && !error,
    error,
    launch: (wanted) => launch.mutate(wanted),
    launching: launch.isPending,
    cancelAll: () => void cancelAll(),
  };
}

function keyOf({ sha256 }: CheckpointSummary, measure: Measure): string {
  return `${sha256} ${measureId(measure)}`;
}

function isChecking(grid: EvaluationGrid | undefined): boolean {
  return grid?.columns.some(({ data }) => data?.state === 'checking') ?? false;
}
