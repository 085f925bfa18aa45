import { useEffect, useMemo, useRef } from 'react';
import { Redirect } from 'wouter';
import type { ShownRuns } from '../../common/runs-view.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { showUndo } from '../ui/show-undo.tsx';
import { useIsSaved, useSavedViews } from './SavedViews.tsx';
import { useRunsView } from './use-runs-view.ts';
import { readSharedView } from './view-link.ts';

/** A link to a saved view. */
export function OpenSavedView({ id }: { id: string }) {
  const { data, error } = useSavedViews();
  const found = data?.find((view) => view.id === id);
  const next = useMemo(() => found && { view: found.view, from: found.id }, [found]);
  const missing = data && !found ? new Error(`There is no view ${id}; it may have been deleted.`) : null;
  if (error ?? missing) return <ErrorNotice title="The saved view could not be opened" error={error ?? missing} />;
  return next ? <Open next={next} /> : null;
}

/** A link that has the view in it. */
export function OpenSharedView({ text }: { text: string }) {
  const next = useMemo(() => {
    const view = readSharedView(text);
    return view && { view, from: null };
  }, [text]);
  if (next) return <Open next={next} />;
  return (
    <ErrorNotice
      title="The view of this link cannot be read"
      error={new Error('Part of the link is missing or was changed on its way. Ask for it to be copied again.')}
    />
  );
}

/** Shows it instead of what the page had; that can be taken back where it was not saved. */
function Open({ next }: { next: ShownRuns }) {
  const state = useRunsView();
  const { changed } = useIsSaved(state);
  const opened = useRef(false);
  useEffect(() => {
    if (state.loading || opened.current) return;
    opened.current = true;
    const before: ShownRuns = { view: state.view, from: state.from };
    state.show(next);
    if (changed) {
      showUndo({
        title: 'The view of the link is shown',
        name: 'The one before was not saved',
        undo: () => state.show(before),
      });
    }
  });
  return state.from === next.from && JSON.stringify(state.view) === JSON.stringify(next.view) ? (
    <Redirect to="/runs" replace />
  ) : null;
}
