import type { CheckpointSummary } from '../../common/checkpoints.ts';
import type { GridCell, Measure } from '../../common/evaluations.ts';

/** A cell by where it stands. */
export interface PlacedCell {
  checkpoint: CheckpointSummary;
  measure: Measure;
  /** Undefined before the studio has answered. */
  cell: GridCell | undefined;
  /** Why its run could not even be queued. */
  refused: string | undefined;
}
