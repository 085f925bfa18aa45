import { Menu } from '@mantine/core';
import { ChartLine, FileArchive } from 'lucide-react';
import { useState } from 'react';
import type { RunExport } from '../../common/interop.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { ExportRunsDialog } from './ExportRunsDialog.tsx';

const icon = { size: 15, strokeWidth: 1.8, 'aria-hidden': true } as const;

/** Items of a menu that export runs, and the dialog that they open: it stays when the menu is gone. */
export function useExportRuns(runs: readonly RunRecord[]) {
  const [format, setFormat] = useState<RunExport['format'] | null>(null);
  const busy = runs.some(({ state }) => isActive(state));
  return {
    items: (
      <>
        <Menu.Item
          disabled={busy}
          title={busy ? 'A bundle is made of runs at rest: pause or stop first' : undefined}
          leftSection={<FileArchive {...icon} />}
          onClick={() => setFormat('bundle')}
        >
          Export as bundle …
        </Menu.Item>
        <Menu.Item leftSection={<ChartLine {...icon} />} onClick={() => setFormat('tensorboard')}>
          Export for TensorBoard …
        </Menu.Item>
      </>
    ),
    dialog: format && <ExportRunsDialog runs={runs} format={format} onClose={() => setFormat(null)} />,
  };
}
