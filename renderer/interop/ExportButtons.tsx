import { Button, Group } from '@mantine/core';
import { AppError } from '../../common/errors.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import type { useFileExport } from './use-file-export.ts';

interface ExportButtonsProps {
  exporting: Pick<ReturnType<typeof useFileExport>, 'progress' | 'cancel' | 'error' | 'ready'> & {
    write: { isPending: boolean; mutate: (overwrite: boolean) => void };
  };
  replaceable?: boolean;
  onClose: () => void;
}

/** The end of a dialog that exports a file: what went wrong, how far it is, and what can be done. */
export function ExportButtons({ exporting, replaceable = true, onClose }: ExportButtonsProps) {
  const { write, progress, cancel, error, ready } = exporting;
  return (
    <>
      {error && <ErrorNotice title="It was not exported" error={error} />}
      {write.isPending ? (
        <TaskProgressLine label="Exporting" progress={progress} onCancel={cancel} />
      ) : (
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {replaceable && isThereAlready(error) && (
            <Button variant="default" color="red" onClick={() => write.mutate(true)}>
              Replace the file
            </Button>
          )}
          <Button disabled={!ready} onClick={() => write.mutate(false)}>
            Export
          </Button>
        </Group>
      )}
    </>
  );
}

function isThereAlready(error: unknown): boolean {
  return error instanceof AppError && error.code === 'conflict' && error.message.endsWith(' already.');
}
