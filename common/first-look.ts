/** What comes with the document of the pages; read by renderer/api/first-look.ts. */
import type { PackedRuns } from './packed-runs.ts';
import type { ShownRuns } from './runs-view.ts';

/** Of the element that holds it, as JSON that is no script. */
export const firstLookId = 'first-look';

export interface FirstLook {
  /** The newest ones. */
  runs: PackedRuns;
  shown: ShownRuns | null;
}
