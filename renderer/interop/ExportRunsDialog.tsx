import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { type SyntheticEvent, useState } from 'react';
import type { RunExport } from '../../common/interop.ts';
import type { RunRecord } from '../../common/records.ts';
import { useTRPCClient } from '../api/client.ts';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import { fileStem } from '../ui/file-stem.ts';
import { formatBytes } from '../ui/format.ts';
import { ExportButtons } from './ExportButtons.tsx';
import { ExportPlace } from './ExportPlace.tsx';
import { useFileExport } from './use-file-export.ts';

interface ExportRunsDialogProps {
  runs: readonly RunRecord[];
  format: RunExport['format'];
  onClose: () => void;
}

/** The dialog may have been opened in a row that listens to clicks and keys, too. */
const within = (event: SyntheticEvent) => event.stopPropagation();

export function ExportRunsDialog({ runs, format, onClose }: ExportRunsDialogProps) {
  const client = useTRPCClient();
  const bundle = format === 'bundle';
  const what = runs.length === 1 ? runs[0]!.name : `${runs.length} runs`;
  const [name, setName] = useState(`${fileStem(what) || 'run'}${bundle ? '.zip' : '-tensorboard'}`);
  const [checkpoints, setCheckpoints] = useState(true);
  const exporting = useFileExport<RunExport>({
    fileName: name,
    downloadable: bundle,
    start: (target) => client.interop.export.mutate({ ids: runs.map(({ id }) => id), format, checkpoints, ...target }),
  });
  const { write, place, cancel } = exporting;

  function close() {
    cancel();
    onClose();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={bundle ? `Export ${what} as a bundle` : `Export ${what} for TensorBoard`}
      size={620}
      closeOnClickOutside={false}
      onClick={within}
      onKeyDown={within}
    >
      {write.data ? (
        <Exported result={write.data} onClose={onClose} />
      ) : (
        <Stack gap="md">
          <Text fz="sm" className="quiet">
            {bundle
              ? 'One zip that another studio imports: settings, curves, results and log, with a SHA-256 of each file.'
              : 'A log folder with a sub-folder for each run: its curves, without the points that a resumed run superseded.'}
          </Text>
          {bundle && (
            <Checkbox
              label="With checkpoints"
              description="Without them the bundle is small, but the run cannot be resumed or evaluated where it is imported."
              checked={checkpoints}
              disabled={write.isPending}
              onChange={({ currentTarget }) => setCheckpoints(currentTarget.checked)}
            />
          )}
          <ExportPlace
            place={place}
            nameLabel={bundle ? 'Name of the file' : 'Name of the log folder'}
            name={name}
            onName={setName}
            disabled={write.isPending}
            onChange={write.reset}
          />
          <ExportButtons exporting={exporting} replaceable={bundle} onClose={close} />
        </Stack>
      )}
    </Modal>
  );
}

function Exported({ result, onClose }: { result: RunExport & { downloaded: boolean }; onClose: () => void }) {
  const { format, target, sizeBytes, downloaded } = result;
  return (
    <Stack gap="md">
      <Alert color="teal" icon={<CircleCheck size={18} />} title="Exported">
        <Text fz="sm" className={downloaded ? undefined : 'mono'} style={{ overflowWrap: 'anywhere' }}>
          {downloaded ? 'This browser downloads it.' : target}
        </Text>
        <Text fz="sm" mt={4} className="numbers">
          {formatBytes(sizeBytes)}
        </Text>
      </Alert>
      {format === 'tensorboard' && (
        <div>
          <Text fz="sm" mb={4}>
            Where the studio runs:
          </Text>
          <CopyBlock text={`tensorboard --logdir ${JSON.stringify(target)}`} label="the command" />
        </div>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
