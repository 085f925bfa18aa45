import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CircleCheck, FileArchive, Folder } from 'lucide-react';
import type { FoundRun, RunImport } from '../../common/interop.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatCount } from '../ui/format.ts';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { FoundRuns } from './FoundRuns.tsx';
import { nameOf, type RunSource } from './run-source.ts';
import { useRunImport } from './use-run-import.ts';

interface ImportRunsProps {
  source: RunSource;
  onBack: () => void;
  onClose: () => void;
}

/** What was found, then the import of it; nothing is written before that is agreed to. */
export function ImportRuns({ source, onBack, onClose }: ImportRunsProps) {
  const { sending, uploadError, preview, previewing, previewError, progress, take, takeError, cancel } =
    useRunImport(source);
  const fresh = preview?.runs.filter(({ existing }) => !existing).length ?? 0;
  const grown = preview?.runs.filter(({ newPoints }) => newPoints > 0).length ?? 0;
  const Icon = preview?.format === 'tensorboard' ? Folder : FileArchive;

  return (
    <Stack gap="md">
      <Group gap="sm" wrap="nowrap">
        <Icon size={22} strokeWidth={1.6} aria-hidden style={{ flexShrink: 0 }} />
        <div style={{ minWidth: 0 }}>
          <Text fw={500} truncate>
            {nameOf(source)}
          </Text>
          <Text fz="xs" className="quiet numbers" truncate title={'path' in source ? source.path : undefined}>
            {[preview && totals(preview), 'path' in source && source.path].filter(Boolean).join(' · ')}
          </Text>
        </div>
      </Group>

      {sending && <TaskProgressLine label="Sending it to the studio" progress={progress} onCancel={onBack} />}
      {uploadError !== null && <ErrorNotice title="It could not be sent" error={uploadError} />}
      {previewing && <TaskProgressLine label="Looking into it" progress={progress} onCancel={onBack} />}
      {previewError && (
        <>
          <ErrorNotice title="Nothing of it can be imported" error={previewError} />
          <Text fz="sm" className="quiet">
            Nothing of it was run, and nothing was changed.
          </Text>
        </>
      )}
      {preview && <FoundRuns found={preview} />}
      {preview && fresh + grown === 0 && (
        <Alert color="teal" icon={<CircleCheck size={18} />} title="All of it is here already">
          <Text fz="sm">Where a run is not in the table, it is archived or in the trash.</Text>
        </Alert>
      )}
      {takeError && <ErrorNotice title="It was not imported" error={takeError} />}
      {take.isPending ? (
        <TaskProgressLine label="Importing" progress={progress} onCancel={cancel} />
      ) : (
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onBack}>
            Choose another
          </Button>
          {preview && fresh + grown > 0 ? (
            <Button
              onClick={() =>
                take.mutate(undefined, {
                  onSuccess: ({ runs }) => {
                    notifications.show({ title: 'Imported', message: importedWords(runs), color: 'teal' });
                    onClose();
                  },
                })
              }
            >
              {takeWords(fresh, grown)}
            </Button>
          ) : (
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function takeWords(fresh: number, grown: number): string {
  const runs = (count: number, verb: string) => (count === 1 ? `${verb} the run` : `${verb} ${count} runs`);
  if (grown === 0) return runs(fresh, 'Import');
  return fresh === 0 ? runs(grown, 'Update') : `Import ${fresh} and update ${grown}`;
}

function importedWords(runs: FoundRun[]): string {
  const changed = runs.filter(({ existing, newPoints }) => !existing || newPoints > 0);
  const points = runs.reduce((sum, { newPoints }) => sum + newPoints, 0);
  const what = changed.length === 1 ? changed[0]!.name : `${changed.length} runs`;
  return points === 0 ? what : `${what}: ${formatCount(points)} new ${points === 1 ? 'point' : 'points'}`;
}

function totals({ runs, format }: RunImport): string {
  const count = `${formatCount(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`;
  if (format === 'bundle') return `a bundle of ${count}, each file of it as its SHA-256 says`;
  const points = runs.reduce((sum, run) => sum + (run.points ?? 0), 0);
  return `a log folder of TensorBoard: ${count}, ${formatCount(points)} points`;
}
