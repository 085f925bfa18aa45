/** Comparisons that people save under a name, each with a link of its own. */
import { AppError } from '../../common/errors.ts';
import { type SavedComparison, savedComparison } from '../../common/results/definition.ts';
import { publishedSets } from '../../common/results/published.ts';
import { parseReference } from '../../common/results/references.ts';
import { newRunId } from '../jobs/run-folder.ts';
import type { CheckpointService } from './checkpoints.ts';
import type { ExportService } from './exports.ts';
import type { RunService } from './runs.ts';
import { createSavedFiles, type SavedFiles } from './saved-files.ts';

export type ComparisonService = SavedFiles<SavedComparison>;

interface ComparisonPorts {
  runs: Pick<RunService, 'get'>;
  checkpoints: Pick<CheckpointService, 'get'>;
  exports: Pick<ExportService, 'published'>;
  /** Made when it is needed. */
  folder: string;
  onWarning(message: string): void;
}

export function createComparisonService(ports: ComparisonPorts): ComparisonService {
  const { runs, checkpoints, folder, onWarning } = ports;
  const files = createSavedFiles<SavedComparison>({
    folder,
    parse: savedComparison.parse,
    called: 'comparison',
    newId: newRunId,
    onWarning,
  });

  function refuseUnknown(reference: string) {
    const { kind, id } = parseReference(reference);
    if (kind === 'run') runs.get(id);
    else if (kind === 'checkpoint') checkpoints.get(id);
    else if (!publishedSets(ports.exports.published()).some((set) => set.id === id)) {
      throw new AppError('not-found', `There is no published row ${id}.`);
    }
  }

  return {
    ...files,
    /** Throws `not-found` for a row that is none, `usage` for a baseline that is not compared. */
    save(comparison) {
      for (const reference of comparison.rows) refuseUnknown(reference);
      if (!comparison.rows.includes(comparison.baseline)) {
        throw new AppError('usage', `The baseline ${comparison.baseline} is none of the compared rows.`, {
          field: 'baseline',
        });
      }
      return files.save(comparison);
    },
  };
}
