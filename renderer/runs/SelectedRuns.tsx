import { Button } from '@mantine/core';
import { Archive, ArchiveRestore } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { runReference } from '../../common/results/references.ts';
import { CompareButton } from '../compare/CompareButton.tsx';
import { useArchive } from './use-archive.ts';

/** What can be done with the selected runs together; shown as soon as there is one. */
export function SelectedRuns({ runs, onClear }: { runs: RunRecord[]; onClear: () => void }) {
  const archive = useArchive();
  if (runs.length === 0) return null;
  const archived = runs.every((run) => run.archived);
  return (
    <Button.Group>
      <CompareButton references={runs.map(({ id }) => runReference(id))} />
      <Button
        size="xs"
        variant="default"
        leftSection={archived ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
        onClick={async () => {
          if (await archive(runs, !archived)) onClear();
        }}
      >
        {archived ? 'Unarchive' : 'Archive'}
      </Button>
      <Button size="xs" variant="default" onClick={onClear}>
        Clear
      </Button>
    </Button.Group>
  );
}
