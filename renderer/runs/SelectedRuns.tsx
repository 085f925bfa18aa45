import { Button, Group, Menu, Popover, Tooltip } from '@mantine/core';
import { Archive, ArchiveRestore, Palette, Star, Tags, Trash2 } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import type { TableDefinition } from '../../common/results/definition.ts';
import { runReference } from '../../common/results/references.ts';
import { buildTable } from '../../common/results/table.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { CompareButton } from '../compare/CompareButton.tsx';
import { useExportRuns } from '../interop/use-export-runs.tsx';
import { ExportMenu } from '../results/ExportMenu.tsx';
import { ColourChoice } from './ColourChoice.tsx';
import { TagRuns } from './TagRuns.tsx';
import { useArchive } from './use-archive.ts';
import { useColourRuns } from './use-colour-runs.ts';
import { useMarkRuns } from './use-mark-runs.ts';
import { allowedActions, useRunActions } from './use-run-actions.tsx';

interface SelectedRunsProps {
  runs: RunRecord[];
  /** What the table shows of them. */
  columns: TableDefinition['columns'];
  groupBySeed: boolean;
  /** Of the view, from before runs had theirs in all of them; and the view is to have none for these runs. */
  viewColours: Readonly<Record<string, string>>;
  onOwnColours: (runs: readonly string[]) => void;
  onClear: () => void;
}

const icon = { size: 14, 'aria-hidden': true } as const;

/** What can be done with the selected runs together; shown as soon as there is one. */
export function SelectedRuns(props: SelectedRunsProps) {
  const { runs, columns, groupBySeed, viewColours, onOwnColours, onClear } = props;
  const all = useRuns().runs;
  const archive = useArchive();
  const mark = useMarkRuns();
  const colourRuns = useColourRuns();
  const actions = useRunActions();
  const exporting = useExportRuns(runs);
  if (runs.length === 0) return null;
  const ids = runs.map(({ id }) => id);
  const colours = new Set(runs.map(({ id, colour }) => colour ?? viewColours[id] ?? null));
  const archived = runs.every((run) => run.archived);
  const starred = runs.every((run) => run.star);
  const busy = runs.filter(({ state }) => state === 'queued' || !allowedActions(state).trash).length;
  const definition: TableDefinition = { columns, filter: '', groupBySeed, published: false };

  return (
    <Group gap={6} role="group" aria-label="Selected runs">
      <CompareButton references={ids.map(runReference)} />
      <Menu withinPortal position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<Tags {...icon} />}>
            Tags
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <TagRuns
            runs={runs}
            onAdd={(tag) => mark.mutate({ ids, addTags: [tag] })}
            onRemove={(tag) => mark.mutate({ ids, removeTags: [tag] })}
          />
        </Menu.Dropdown>
      </Menu>
      <Popover position="bottom-start" withinPortal trapFocus>
        <Popover.Target>
          <Button size="xs" variant="default" leftSection={<Palette {...icon} />}>
            Colour
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <ColourChoice
            given={colours.size === 1 ? [...colours][0]! : null}
            resettable={runs.some(({ id, colour }) => colour !== null || id in viewColours)}
            onGive={(colour) => {
              if (colour === null) onOwnColours(ids);
              colourRuns(runs, colour);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <Button
        size="xs"
        variant="default"
        leftSection={<Star {...icon} />}
        onClick={() => mark.mutate({ ids, star: !starred })}
      >
        {starred ? 'Unstar' : 'Star'}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={archived ? <ArchiveRestore {...icon} /> : <Archive {...icon} />}
        onClick={async () => {
          if (await archive(runs, !archived)) onClear();
        }}
      >
        {archived ? 'Unarchive' : 'Archive'}
      </Button>
      <ExportMenu
        size="xs"
        definition={definition}
        ids={ids}
        build={() => buildTable(runs, definition, undefined, all)}
      >
        <Menu.Divider />
        <Menu.Label>Runs</Menu.Label>
        {exporting.items}
      </ExportMenu>
      {exporting.dialog}
      <Tooltip label={`${busy} of them wait or work: stop them first`} disabled={busy === 0}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Trash2 {...icon} />}
          aria-disabled={busy > 0}
          onClick={async () => {
            if (busy === 0 && (await actions.trash(runs))) onClear();
          }}
        >
          Trash
        </Button>
      </Tooltip>
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Clear
      </Button>
    </Group>
  );
}
