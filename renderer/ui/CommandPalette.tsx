import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useMutation, useQuery } from '@tanstack/react-query';
import {
  Boxes,
  CirclePause,
  CirclePlay,
  Contrast,
  Keyboard,
  List,
  Moon,
  Palette,
  Rocket,
  Search,
  Sun,
} from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { useColourRuns } from '../runs/use-colour-runs.ts';
import { useContrast } from './contrast.ts';
import { pages } from './pages.ts';
import { stateWords } from './StateBadge.tsx';

const icon = { size: 16, strokeWidth: 1.8, 'aria-hidden': true } as const;
/** Lines at once: more is asked for by more letters. */
const mostShown = 14;

/** Ctrl + K: to any page, run or checkpoint by its name, and what can be done from anywhere. */
export function CommandPalette({ onHelp }: { onHelp: () => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <Spotlight
      shortcut={['mod + K', 'mod + shift + P']}
      tagsToIgnore={[]}
      triggerOnContentEditable
      onSpotlightOpen={() => setOpened(true)}
      actions={usePaletteActions(opened, onHelp)}
      limit={mostShown}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing is called that"
      searchProps={{
        placeholder: 'Go to a page, a run, a checkpoint, or do something',
        'aria-label': 'Commands',
        leftSection: <Search {...icon} />,
      }}
    />
  );
}

export function openPalette(): void {
  spotlight.open();
}

function usePaletteActions(opened: boolean, onHelp: () => void): SpotlightActionGroupData[] {
  const trpc = useTRPC();
  const [, navigate] = useLocation();
  const { runs } = useRuns();
  const { setColorScheme } = useMantineColorScheme();
  const { high, setHigh } = useContrast();
  const checkpoints = useQuery(trpc.checkpoints.list.queryOptions({}, { enabled: opened })).data ?? [];
  const said = (title: string) => ({ onError: (error: unknown) => showError(title, error) });
  const hold = useMutation(trpc.queue.hold.mutationOptions(said('The queue could not be held')));
  const release = useMutation(trpc.queue.release.mutationOptions(said('The queue could not be released')));
  const colourRuns = useColourRuns();
  if (!opened) return [];

  const coloured = runs.filter(({ colour }) => colour !== null);
  const go = (path: string) => () => navigate(path);
  const act = (
    id: string,
    label: string,
    Icon: typeof Sun,
    onClick: () => void,
    keywords?: string,
  ): SpotlightActionData => ({ id, label, leftSection: <Icon {...icon} />, onClick, keywords });
  return [
    { group: 'Pages', actions: pages.map(({ path, label, icon }) => act(path, label, icon, go(path), 'page')) },
    {
      group: 'Actions',
      actions: [
        act('new', 'New run', Rocket, go('/launch'), 'start launch train'),
        act('hold', 'Hold the queue', CirclePause, () => hold.mutate(undefined), 'pause'),
        act('release', 'Release the queue', CirclePlay, () => release.mutate(undefined), 'go on'),
        act('light', 'Light colours', Sun, () => setColorScheme('light'), 'theme'),
        act('dark', 'Dark colours', Moon, () => setColorScheme('dark'), 'theme'),
        ...(coloured.length > 0
          ? [
              act(
                'own-colours',
                'Take back all given colours of runs',
                Palette,
                () => colourRuns(coloured, null),
                'reset clear',
              ),
            ]
          : []),
        act('contrast', high ? 'Normal contrast' : 'High contrast', Contrast, () => setHigh(!high), 'theme'),
        act('shortcuts', 'Keyboard shortcuts', Keyboard, onHelp, 'help'),
      ],
    },
    {
      group: 'Runs',
      actions: runs.map(({ id, name, state, kind }) => ({
        ...act(id, name, List, go(`/runs/${id}`), `${id} ${kind}`),
        description: `${stateWords[state]} · ${id}`,
      })),
    },
    {
      group: 'Checkpoints',
      actions: checkpoints.map(({ id, name, arch }) => ({
        ...act(`checkpoint-${id}`, name, Boxes, go(`/checkpoints/${id}`), id),
        description: [arch, id].filter(Boolean).join(' · '),
      })),
    },
  ];
}
