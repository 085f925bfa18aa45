/** Views of the page of runs: those that people save under a name, and how the page was left. */
import { type SavedRunsView, type ShownRuns, savedRunsView } from '../../common/runs-view.ts';
import { newRunId } from '../jobs/run-folder.ts';
import type { Store } from '../store/index.ts';
import { createSavedFiles, type SavedFiles } from './saved-files.ts';

export interface RunViewService extends SavedFiles<SavedRunsView> {
  /** Null before anything was changed on the page. */
  shown(): ShownRuns | null;
  show(shown: ShownRuns): void;
}

interface RunViewPorts {
  store: Store;
  /** Made when it is needed. */
  folder: string;
  onWarning(message: string): void;
}

export function createRunViewService({ store, folder, onWarning }: RunViewPorts): RunViewService {
  store.runColours.adopt();
  return {
    ...createSavedFiles({ folder, parse: savedRunsView.parse, called: 'view', newId: newRunId, onWarning }),
    shown: () => store.settings.get('shownRuns'),
    show: (shown) => store.settings.set('shownRuns', shown),
  };
}
