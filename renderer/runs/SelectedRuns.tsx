import { Button, Group, Menu, Tooltip } from '@mantine/core';
import { Archive, ArchiveRestore, Star, Tags, Trash2 } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import type { TableDefinition } from '../../common/results/definition.ts';
import { runReference } from '../../common/results/references.ts';
import { buildTable } from '../../common/results/table.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { CompareButton } from '../compare/CompareButton.tsx';
import { useExportRuns } from '../interop/use-export-runs.tsx';
import { ExportMenu } from '../results/ExportMenu.tsx';
import { TagRuns } from './TagRuns.tsx';
import { useArchive } from './use-archive.ts';
import { useMarkRuns } from './use-mark-runs.ts';
import { allowedActions, useRunActions } from './use-run-actions.tsx';

interface SelectedRunsProps {
  runs: RunRecord[];
  /** What the table shows of them. */
  columns: TableDefinition['columns'];
  groupBySeed: boolean;
  onClear: () => void;
}

const icon = { size: 14, 'aria-hidden': true } as const;

/** What can be done with the selected runs together; shown as soon as there is one. */
export function SelectedRuns({ runs, columns, groupBySeed, onClear }: SelectedRunsProps) {
  const all = useRuns().runs;
  const archive = useArchive();
  const mark = useMarkRuns();
  const actions = useRunActions();
  const exporting = useExportRuns(runs);
  if (runs.length === 0) return null;
  const ids = runs.map(({ id }) => id);
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
