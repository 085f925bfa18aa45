import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link as LinkIcon, RotateCcw } from 'lucide-react';
import { plainView, runsView, type SavedRunsView, type ShownRuns } from '../../common/runs-view.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { SavedMenu } from '../ui/SavedMenu.tsx';
import { showUndo } from '../ui/show-undo.tsx';
import { savedViewPath, sharedViewPath } from './view-link.ts';

export function useSavedViews() {
  const trpc = useTRPC();
  return useQuery(trpc.runViews.list.queryOptions());
}

/** The saved view that the page shows, if it does, and whether it has changes that are not saved. */
export function useIsSaved(shown: ShownRuns): { saved: SavedRunsView | undefined; changed: boolean } {
  const { data } = useSavedViews();
  const saved = data?.find(({ id }) => id === shown.from);
  return { saved, changed: !isSame(saved, shown) };
}

function isSame(saved: SavedRunsView | undefined, { view }: ShownRuns): boolean {
  return JSON.stringify(saved?.view ?? plainView) === JSON.stringify(runsView.parse(view));
}

interface SavedViewsProps {
  shown: ShownRuns;
  saved: SavedRunsView | undefined;
  onShow: (shown: ShownRuns) => void;
}

/** Views by name; what was on the page unsaved before another is opened can be taken back. */
export function SavedViews({ shown: { view, from }, saved, onShow }: SavedViewsProps) {
  const shown: ShownRuns = { view, from };
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: views = [] } = useSavedViews();
  const refresh = { onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.runViews.list.queryKey() }) };
  const save = useMutation(trpc.runViews.save.mutationOptions(refresh));
  const remove = useMutation(trpc.runViews.remove.mutationOptions(refresh));
  const restore = useMutation(trpc.runViews.restore.mutationOptions(refresh));

  function open(next: ShownRuns, name: string) {
    onShow(next);
    if (!isSame(saved, shown)) {
      showUndo({
        title: 'Another view is shown',
        name: `${name}; the one before was not saved`,
        undo: () => onShow(shown),
      });
    }
  }

  async function copyLink() {
    const path = saved && isSame(saved, shown) ? savedViewPath(saved.id) : sharedViewPath(shown.view);
    try {
      await navigator.clipboard.writeText(`${window.location.href.split('#')[0]}#${path}`);
      notifications.show({ message: 'The link to this view is copied.', autoClose: 3000 });
    } catch (error) {
      showError('The link could not be copied', error);
    }
  }

  return (
    <SavedMenu
      label={saved?.name ?? 'Views'}
      what="view"
      items={views}
      shown={saved}
      onOpen={(id) => {
        const view = views.find((one) => one.id === id);
        if (view) open({ view: view.view, from: id }, view.name);
      }}
      onSave={async ({ id, name }) => {
        const next = await save.mutateAsync({ id, name, view: shown.view });
        onShow({ view: next.view, from: next.id });
        return next;
      }}
      onRemove={async (id) => {
        await remove.mutateAsync({ id });
        onShow({ view: shown.view, from: null });
      }}
      onRestore={async (id) => {
        await restore.mutateAsync({ id });
        onShow({ view: shown.view, from: id });
      }}
    >
      <Menu.Item leftSection={<LinkIcon size={14} aria-hidden />} onClick={copyLink}>
        Copy the link
      </Menu.Item>
      <Menu.Item
        leftSection={<RotateCcw size={14} aria-hidden />}
        onClick={() => open({ view: plainView, from: null }, 'The usual view')}
      >
        The usual view
      </Menu.Item>
    </SavedMenu>
  );
}
