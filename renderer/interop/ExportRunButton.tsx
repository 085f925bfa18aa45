import { ActionIcon, Menu } from '@mantine/core';
import { Upload } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { useExportRuns } from './use-export-runs.tsx';

export function ExportRunButton({ run }: { run: RunRecord }) {
  const { items, dialog } = useExportRuns([run]);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="Export the run" title="Export the run">
            <Upload size={15} strokeWidth={1.9} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>{items}</Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}
