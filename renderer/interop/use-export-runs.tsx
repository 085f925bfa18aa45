import { Menu } from '@mantine/core';
import { ChartLine, CloudUpload, FileArchive } from 'lucide-react';
import { useState } from 'react';
import type { RunExport } from '../../common/interop.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import { ExportRunsDialog } from './ExportRunsDialog.tsx';
import { PushRunsDialog } from './PushRunsDialog.tsx';

const icon = { size: 15, strokeWidth: 1.8, 'aria-hidden': true } as const;

/** Items of a menu that let runs leave, and the dialog that they open: it stays when the menu is gone. */
export function useExportRuns(runs: readonly RunRecord[]) {
  const [format, setFormat] = useState<RunExport['format'] | 'mlflow' | null>(null);
  const close = () => setFormat(null);
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
        <Menu.Item leftSection={<CloudUpload {...icon} />} onClick={() => setFormat('mlflow')}>
          Push to MLflow …
        </Menu.Item>
      </>
    ),
    dialog:
      format === 'mlflow' ? (
        <PushRunsDialog runs={runs} onClose={close} />
      ) : (
        format && <ExportRunsDialog runs={runs} format={format} onClose={close} />
      ),
  };
}
