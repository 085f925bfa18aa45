import { Alert, Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CheckpointDetail, CheckpointExport, ExportFormat } from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { CopyBlock } from '../ui/CopyBlock.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes } from '../ui/format.ts';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { exportChoices, fileNameFor, loadingLine } from './export-choices.ts';

interface ExportDialogProps {
  checkpoint: CheckpointDetail;
  onClose: () => void;
}

/** Writes the checkpoint as a file for others, to a folder of the machine that the studio runs on. */
export function ExportDialog({ checkpoint, onClose }: ExportDialogProps) {
  const client = useTRPCClient();
  const choices = exportChoices(checkpoint);
  const [format, setFormat] = useState<ExportFormat>(choices.find(({ whyNot }) => !whyNot)?.format ?? 'reference');
  const [encoder, setEncoder] = useState('q');
  const [folder, setFolder] = useExportFolder();
  const [name, setName] = useState<string | null>(null);
  const [browsing, browser] = useDisclosure(false);
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const running = useRef<AbortController>(null);

  const fileName = name ?? fileNameFor(checkpoint, format);
  const twoEncoders = format !== 'reference' && checkpoint.layout === 'moco';
  const write = useMutation({
    mutationFn: (overwrite: boolean) => {
      const abort = new AbortController();
      running.current = abort;
      const start = () =>
        client.checkpoints.export.mutate({
          file: checkpoint.sha256,
          target: `${folder.replace(/[/\\]+$/, '')}/${fileName}`,
          format,
          overwrite,
          ...(twoEncoders && { encoder }),
        });
      return runTask<CheckpointExport>(client, start, { signal: abort.signal, onProgress: setProgress });
    },
  });

  function close() {
    running.current?.abort();
    onClose();
  }

  return (
    <Modal opened onClose={close} title={`Export ${checkpoint.name}`} size={680} closeOnClickOutside={false}>
      {write.data ? (
        <Exported result={write.data} onClose={onClose} onAgain={write.reset} />
      ) : (
        <Stack gap="md">
          <Radio.Group label="Format" value={format} onChange={(value) => setFormat(value as ExportFormat)}>
            <Stack gap="sm" mt={6}>
              {choices.map((choice) => (
                <Radio
                  key={choice.format}
                  value={choice.format}
                  label={choice.label}
                  description={choice.whyNot ?? choice.help}
                  disabled={choice.whyNot !== undefined || write.isPending}
                />
              ))}
            </Stack>
          </Radio.Group>
          {twoEncoders && (
            <Select
              label="Encoder"
              description="The key encoder is the moving average of the query encoder."
              data={[
                { value: 'q', label: 'Query encoder, as evaluations take' },
                { value: 'k', label: 'Key encoder' },
              ]}
              value={encoder}
              allowDeselect={false}
              disabled={write.isPending}
              onChange={(value) => value && setEncoder(value)}
            />
          )}
          <TextInput
            label="Folder, where the studio runs"
            value={folder}
            spellCheck={false}
            disabled={write.isPending}
            onChange={({ currentTarget }) => {
              write.reset();
              setFolder(currentTarget.value);
            }}
            rightSection={
              <Button size="compact-xs" variant="default" mr={8} onClick={browser.open} aria-label="Choose the folder">
                Choose …
              </Button>
            }
            rightSectionWidth={92}
          />
          <TextInput
            label="Name of the file"
            value={fileName}
            spellCheck={false}
            disabled={write.isPending}
            onChange={({ currentTarget }) => {
              write.reset();
              setName(currentTarget.value);
            }}
          />
          {write.error && !running.current?.signal.aborted && (
            <ErrorNotice title="It was not exported" error={write.error} />
          )}
          {write.isPending ? (
            <TaskProgressLine label="Exporting" progress={progress} onCancel={() => running.current?.abort()} />
          ) : (
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              {isThereAlready(write.error) && (
                <Button variant="default" color="red" onClick={() => write.mutate(true)}>
                  Replace the file
                </Button>
              )}
              <Button disabled={!folder.trim() || !fileName.trim()} onClick={() => write.mutate(false)}>
                Export
              </Button>
            </Group>
          )}
        </Stack>
      )}
      {browsing && (
        <FolderPicker
          title="Export to"
          value={folder}
          onClose={browser.close}
          onPick={(path) => {
            setFolder(path);
            browser.close();
          }}
        />
      )}
    </Modal>
  );
}

function isThereAlready(error: unknown): boolean {
  return error instanceof AppError && error.code === 'conflict';
}

/** Where the last one went; at first, the home folder. */
function useExportFolder(): [string, (folder: string) => void] {
  const trpc = useTRPC();
  const home = useQuery(trpc.system.browse.queryOptions({}));
  const [folder, setFolder] = useLocalStorage<string | null>({ key: 'export-folder', defaultValue: null });
  return [folder ?? home.data?.path ?? '', setFolder];
}

interface ExportedProps {
  result: CheckpointExport;
  onClose: () => void;
  onAgain: () => void;
}

function Exported({ result, onClose, onAgain }: ExportedProps) {
  return (
    <Stack gap="md">
      <Alert color="teal" icon={<CircleCheck size={18} />} title="Exported">
        <Text fz="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {result.target}
        </Text>
        <Text fz="sm" mt={4} className="numbers">
          {formatBytes(result.sizeBytes)} · SHA-256 {result.sha256.slice(0, 12)}
        </Text>
      </Alert>
      <div>
        <Text fz="sm" mb={4}>
          In Python:
        </Text>
        <CopyBlock text={loadingLine(result)} label="the line" />
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAgain}>
          Export another
        </Button>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
