import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FolderOpen, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { measureKinds } from '../../common/evaluations.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { useTRPC } from '../api/client.ts';
import { ConfigFields } from '../launch/ConfigFields.tsx';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { type Config, withValue } from '../launch/form-values.ts';
import { useCheck } from '../launch/use-check.ts';
import { formatCount } from '../ui/format.ts';
import styles from './Evaluate.module.css';
import type { Selection } from './selection.ts';

interface AddMeasureProps {
  /** One of those that will be measured: the settings are checked with it. */
  checkpoint: CheckpointSummary | undefined;
  selection: Selection;
  onClose: () => void;
}

/** Chosen by the grid. */
const chosenElsewhere = ['pretrained', 'data'];

/** A column for each chosen folder: an evaluation, its settings, its images. */
export function AddMeasure({ checkpoint, selection, onClose }: AddMeasureProps) {
  const trpc = useTRPC();
  const [kind, setKind] = useState<JobKind>('knn');
  const [config, setConfig] = useState<Config>({});
  const [picked, setPicked] = useState<string[]>([]);
  const [folders, setFolders] = useState<string[]>([]);
  const [picking, picker] = useDisclosure(false);
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const recent = datasets.data?.filter(({ images }) => images !== null) ?? [];
  const known = new Map(recent.map((one) => [one.path, one]));
  const offered = [...new Set([...picked, ...recent.map(({ path }) => path)])];
  const toggle = (path: string, wanted: boolean) =>
    setFolders((before) => (wanted ? [...new Set([...before, path])] : before.filter((one) => one !== path)));

  // What is wrong with one folder is said of the first that is chosen; the others say it in their cells.
  const [folder] = folders;
  const location = checkpoint?.location ?? '';
  // The same object until something changes: the check waits for quiet by it.
  const checked = useMemo(
    () => ({ ...config, ...(folder !== undefined && { data: folder }), pretrained: location }),
    [config, folder, location],
  );
  const { check, checking } = useCheck(kind, checked);
  const issues = (check?.issues ?? []).filter(
    ({ field }) => field !== 'pretrained' && !(field === 'data' && folder === undefined),
  );
  const errors = issues.filter(({ level }) => level === 'error');
  const ofData = issues.filter(({ field }) => field === 'data');

  function add() {
    const columns = folders.map((data) => ({ kind, config: { ...config, data } }));
    selection.setMeasures([...selection.measures, ...columns]);
    onClose();
  }

  return (
    <Modal opened onClose={onClose} title="Add a measure" size="xl">
      <Stack gap="md">
        <Select
          label="Evaluation"
          data={measureKinds.map((value) => ({ value, label: jobs[value].title }))}
          value={kind}
          allowDeselect={false}
          onChange={(value) => {
            if (value === null) return;
            setKind(value);
            setConfig({});
          }}
        />
        <fieldset className={styles.fieldset}>
          <legend>Images</legend>
          <div className={`surface ${styles.folders}`}>
            {offered.map((path) => (
              <Checkbox
                key={path}
                className={styles.choice}
                size="xs"
                label={path}
                description={folderWords(known.get(path))}
                checked={folders.includes(path)}
                onChange={({ currentTarget }) => toggle(path, currentTarget.checked)}
              />
            ))}
            {offered.length === 0 && (
              <Text fz="sm" className="quiet" p="sm">
                {datasets.isPending ? 'Reading …' : 'No folder was used yet: choose one.'}
              </Text>
            )}
          </div>
          <Button
            size="compact-sm"
            variant="default"
            mt={8}
            leftSection={<FolderOpen size={14} />}
            onClick={picker.open}
          >
            Another folder …
          </Button>
        </fieldset>
        {ofData.map(({ message, level }) => (
          <Alert key={message} color={level === 'error' ? 'red' : 'yellow'} p="sm" icon={<TriangleAlert size={16} />}>
            <Text fz="sm">{message}</Text>
          </Alert>
        ))}
        <ConfigFields
          key={kind}
          kind={kind}
          config={config}
          placeholders={{}}
          issues={issues}
          without={chosenElsewhere}
          onChange={(key, value) => setConfig((before) => withValue(before, key, value))}
          onFix={(fix) => setConfig((before) => ({ ...before, ...fix }))}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={folders.length === 0 || errors.length > 0}
            loading={checking && folders.length > 0}
            onClick={add}
          >
            {folders.length > 1 ? `Add ${folders.length} columns` : 'Add the column'}
          </Button>
        </Group>
      </Stack>
      {picking && (
        <FolderPicker
          title="Images"
          value={folder ?? ''}
          onClose={picker.close}
          onPick={(path) => {
            setPicked((before) => [path, ...before]);
            toggle(path, true);
            picker.close();
          }}
        />
      )}
    </Modal>
  );
}

interface FolderFacts {
  images: number | null;
  atLeast: boolean;
  classes: number | null;
  probe: boolean;
}

function folderWords(facts: FolderFacts | undefined): string | undefined {
  if (!facts) return undefined;
  const { images, atLeast, classes, probe } = facts;
  return [
    `${atLeast ? 'at least ' : ''}${formatCount(images)} images`,
    classes !== null && `${formatCount(classes)} classes`,
    probe && 'train and val',
  ]
    .filter(Boolean)
    .join(', ');
}
