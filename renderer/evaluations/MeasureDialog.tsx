import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FolderOpen, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { type Measure, measureKinds } from '../../common/evaluations.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { useTRPC } from '../api/client.ts';
import { ConfigFields } from '../launch/ConfigFields.tsx';
import { FolderPicker } from '../launch/FolderPicker.tsx';
import { type Config, withValue } from '../launch/form-values.ts';
import { useCheck } from '../launch/use-check.ts';
import { formatCount } from '../ui/format.ts';
import styles from './Evaluate.module.css';
import { measureId, type Selection } from './selection.ts';

export interface MeasureRequest {
  /** The column whose settings the form begins with. */
  from: Measure | undefined;
  /** Whether what is chosen takes its place; otherwise it stands behind it. */
  replaces: boolean;
}

interface MeasureDialogProps {
  request: MeasureRequest;
  /** One of those that will be measured: the settings are checked with it. */
  checkpoint: CheckpointSummary | undefined;
  selection: Selection;
  onClose: () => void;
}

/** Chosen by the grid. */
const chosenElsewhere = ['pretrained', 'data'];

/** A column for each chosen folder: an evaluation, its settings, its images; new ones, or in the place of another. */
export function MeasureDialog({ request: { from, replaces }, checkpoint, selection, onClose }: MeasureDialogProps) {
  const trpc = useTRPC();
  const { data: ofFrom, ...settings } = from?.config ?? {};
  const first = typeof ofFrom === 'string' ? [ofFrom] : [];
  const [kind, setKind] = useState<JobKind>(from?.kind ?? 'knn');
  const [config, setConfig] = useState<Config>(settings);
  const [picked, setPicked] = useState<string[]>(first);
  const [folders, setFolders] = useState<string[]>(first);
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

  const columns = folders.map((data) => ({ kind, config: { ...config, data } }));
  const own = from && measureId(from);
  const others = selection.measures.filter((one) => !replaces || measureId(one) !== own);
  const there = new Set(others.map(measureId));
  const isThere = columns.length > 0 && columns.every((column) => there.has(measureId(column)));

  function save() {
    const place = own === undefined ? -1 : selection.measures.findIndex((one) => measureId(one) === own);
    const end = place < 0 ? others.length : place + (replaces ? 0 : 1);
    selection.setMeasures(others.toSpliced(end, 0, ...columns));
    onClose();
  }

  return (
    <Modal opened onClose={onClose} title={titleOf(from, replaces)} size="xl">
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
          <Text fz="sm" className="quiet" role="status">
            {isThere ? 'This column is in the grid already: change a setting or the images.' : ''}
          </Text>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={folders.length === 0 || errors.length > 0 || isThere}
            loading={checking && folders.length > 0}
            onClick={save}
          >
            {replaces ? 'Change the column' : folders.length > 1 ? `Add ${folders.length} columns` : 'Add the column'}
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

function titleOf(from: Measure | undefined, replaces: boolean): string {
  if (!from) return 'Add a measure';
  return replaces ? 'Change the settings of a column' : 'A column with other settings';
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
