import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CircleCheck, FileBox } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatBytes } from '../ui/format.ts';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { ImportForm } from './ImportForm.tsx';
import { type Recognition, useImport } from './use-import.ts';
import type { ImportSource } from './use-sent-file.ts';

interface ImportDialogProps {
  source: ImportSource;
  /** How many files come after this one. */
  waiting: number;
  onClose: () => void;
}

/** What a file is and what an import would take of it; nothing is imported before that is agreed to. */
export function ImportDialog({ source, waiting, onClose }: ImportDialogProps) {
  const [, navigate] = useLocation();
  const [recognition, setRecognition] = useState<Recognition>({});
  const { sending, uploadError, preview, previewing, previewError, progress, take, takeError, cancel } = useImport(
    source,
    recognition,
  );
  const name = nameOf(source);
  const sizeBytes = 'file' in source ? source.file.size : preview?.sizeBytes;
  const taken = take.data;

  function close() {
    if (take.isPending) cancel();
    onClose();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={waiting > 0 ? `Import a checkpoint (${waiting} more to come)` : 'Import a checkpoint'}
      size={760}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap">
          <FileBox size={22} strokeWidth={1.6} aria-hidden style={{ flexShrink: 0 }} />
          <div style={{ minWidth: 0 }}>
            <Text fw={500} truncate title={'path' in source ? source.path : name}>
              {name}
            </Text>
            <Text fz="xs" className="quiet numbers" truncate>
              {formatBytes(sizeBytes)}
              {'path' in source ? ` · ${source.path}` : ''}
            </Text>
          </div>
        </Group>

        {sending && <TaskProgressLine label="Sending the file" progress={progress} onCancel={onClose} />}
        {uploadError !== null && <ErrorNotice title="The file could not be sent" error={uploadError} />}
        {previewing && !preview && (
          <TaskProgressLine label="Looking into the file" progress={progress} onCancel={onClose} />
        )}
        {previewError && !preview && (
          <>
            <ErrorNotice title="This file cannot be imported" error={previewError} />
            <Text fz="sm" className="quiet">
              Nothing of the file was run, and nothing was changed.
            </Text>
          </>
        )}
        {taken?.existing ? (
          <Alert color="teal" icon={<CircleCheck size={18} />} title="It is here already">
            <Text fz="sm">
              The same file (by its SHA-256) is in this workspace as{' '}
              <Anchor component={Link} href={`/checkpoints/${taken.id}`} fz="sm" underline="always" onClick={onClose}>
                {taken.name}
              </Anchor>
              . Nothing was copied.
            </Text>
          </Alert>
        ) : (
          preview && (
            <ImportForm
              preview={preview}
              stale={previewing}
              error={previewError ?? takeError}
              recognition={recognition}
              onRecognition={setRecognition}
              initialName={withoutExtension(name)}
              linkable={'path' in source}
              importing={take.isPending}
              progress={progress}
              onCancelImport={cancel}
              onImport={(options) =>
                take.mutate(options, {
                  onSuccess: ({ existing, id, name }) => {
                    if (existing) return;
                    notifications.show({ title: 'Imported', message: name, color: 'teal' });
                    if (waiting === 0) navigate(`/checkpoints/${id}`);
                    onClose();
                  },
                })
              }
              onClose={close}
            />
          )
        )}
        {(!preview || taken?.existing) && (
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

function nameOf(source: ImportSource): string {
  return 'file' in source ? source.file.name : source.path.slice(source.path.search(/[^/\\]*$/));
}

function withoutExtension(name: string): string {
  return name.replace(/(\.(pth|pt|pkl|ckpt|bin|tar|safetensors))+$/i, '');
}
