/** Comparisons that people save under a name, each with a link of its own. */
import { AppError } from '../../common/errors.ts';
import { type SavedComparison, savedComparison } from '../../common/results/definition.ts';
import { newRunId } from '../jobs/run-folder.ts';
import type { RunService } from './runs.ts';
import { createSavedFiles, type SavedFiles } from './saved-files.ts';

export type ComparisonService = SavedFiles<SavedComparison>;

interface ComparisonPorts {
  runs: Pick<RunService, 'get'>;
  /** Made when it is needed. */
  folder: string;
  onWarning(message: string): void;
}

export function createComparisonService({ runs, folder, onWarning }: ComparisonPorts): ComparisonService {
  const files = createSavedFiles<SavedComparison>({
    folder,
    parse: savedComparison.parse,
    called: 'comparison',
    newId: newRunId,
    onWarning,
  });
  return {
    ...files,
    /** Throws `not-found` for a run that is none, `usage` for a baseline that is not compared. */
    save(comparison) {
      for (const id of comparison.runs) runs.get(id);
      if (!comparison.runs.includes(comparison.baseline)) {
        throw new AppError('usage', `The baseline ${comparison.baseline} is none of the compared runs.`, {
          field: 'baseline',
        });
      }
      return files.save(comparison);
    },
  };
}
