import { useMemo, useState } from 'react';
import type { JobKind } from '../../../common/jobs/index.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { ComparedRow } from '../../../common/results/compared-rows.ts';
import { useRuns } from '../../api/RunsProvider.tsx';
import type { PlacedCell } from '../../evaluations/placed-cell.ts';
import { type Grid, useGrid } from '../../evaluations/use-grid.ts';
import { firstMeasure, imagesOf, measuresOf, type PanelMeasure } from './panel-measures.ts';

/** A row of the comparison as a column of a panel. */
export interface PanelColumn {
  row: ComparedRow;
  /** Its place in the comparison, hence its colour. */
  /** What it is shown from. */
  run: RunRecord;
}

export interface MissingColumn {
  row: ComparedRow;
  /** Where it can be measured, is being measured, or was tried in vain. */
  placed: PlacedCell | undefined;
  why: string;
}

export interface Panel {
  measures: PanelMeasure[];
  chosen: PanelMeasure | undefined;
  choose: (id: string) => void;
  columns: PanelColumn[];
  missing: MissingColumn[];
  grid: Grid;
}

interface PanelOptions {
  rows: ComparedRow[];
  baseline: ComparedRow;
  fits: (run: RunRecord) => boolean;
  /** What is measured where nothing is known yet. */
  kind: JobKind;
}

/** What a panel can show of the rows by one measure on the same images, and what is still to be measured for it. */
export function usePanel({ rows, baseline, fits, kind }: PanelOptions): Panel {
  const { runs } = useRuns();
  const [chosenId, choose] = useState<string | null>(null);
  const shown = useMemo(() => rows.filter((row) => row.kind !== 'published'), [rows]);
  const measures = useMemo(() => {
    const found = measuresOf(shown, fits);
    const first = found.length === 0 ? firstMeasure(shown, kind) : undefined;
    return first ? [first] : found;
  }, [shown, fits, kind]);
  const chosen = measures.find(({ id }) => id === chosenId) ?? measures[0];

  // Those of the baseline where it has any: the others are held against it.
  const reference = chosen && (chosen.runs.get(baseline.reference) ?? [...chosen.runs.values()][0]);
  const images = reference ? imagesOf(reference) : null;
  const isSame = (run: RunRecord) => images === null || imagesOf(run) === null || imagesOf(run) === images;
  const runOf = (row: ComparedRow) => {
    const run = chosen?.runs.get(row.reference);
    return run && isSame(run) ? run : undefined;
  };

  const toMeasure = shown.flatMap((row) => (row.checkpoint && !runOf(row) ? [row.checkpoint] : []));
  const grid = useGrid(toMeasure, chosen ? [chosen.measure] : []);

  const columns: PanelColumn[] = [];
  const missing: MissingColumn[] = [];
  for (const row of shown) {
    const placed = chosen && row.checkpoint && !runOf(row) ? grid.cellAt(row.checkpoint, chosen.measure) : undefined;
    const known = placed?.cell?.state === 'known' ? placed.cell.runId : undefined;
    const run = runOf(row) ?? runs.find(({ id }) => id === known);
    if (run && fits(run)) columns.push({ row, run });
    else missing.push({ row, placed, why: whyMissing(row, chosen, run) });
  }
  return { measures, chosen, choose, columns, missing, grid };
}

function whyMissing(row: ComparedRow, chosen: PanelMeasure | undefined, run: RunRecord | undefined): string {
  if (!row.checkpoint) return row.run ? 'It has no checkpoint to measure.' : 'There is nothing to measure.';
  if (run) return 'Its result kept nothing of this; it was measured with other settings.';
  if (chosen?.runs.has(row.reference)) return 'It was measured on other images.';
  return 'It was not measured in this way.';
}
