/** Data sets in the workspace and the ones that runs have used. */
import type { DatasetEntry } from '../../common/system.ts';

export interface DatasetService {
  list(): Promise<DatasetEntry[]>;
  /** Where the demo data is put when no folder is named. */
  demoFolder(): string;
}
