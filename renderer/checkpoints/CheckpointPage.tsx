import { Alert, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';
import { useEscape } from '../ui/use-escape.ts';
import { CheckpointFacts } from './CheckpointFacts.tsx';
import { CheckpointHeader } from './CheckpointHeader.tsx';
import styles from './CheckpointPage.module.css';
import { CheckpointResults } from './CheckpointResults.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { ImageNeighbours } from './ImageNeighbours.tsx';
import { Imports, useImports } from './Imports.tsx';
import { Lineage } from './Lineage.tsx';
import { TensorBrowser } from './TensorBrowser.tsx';
import { useCheckpointActions } from './use-checkpoint-actions.tsx';

/** One checkpoint: what it is, where it comes from, what it is worth, and what is in it. */
export function CheckpointPage({ id, action }: { id: string; action?: string }) {
  const trpc = useTRPC();
  const [, navigate] = useLocation();
  const { data: checkpoint, error, refetch } = useQuery(trpc.checkpoints.get.queryOptions({ id }, { retry: false }));
  const actions = useCheckpointActions();
  const [image, setImage] = useState<File | null>(null);
  const imports = useImports(setImage);
  useEscape(() => navigate('/checkpoints'));

  if (error && !checkpoint) {
    return <ErrorNotice title="The checkpoint could not be read" error={error} onRetry={refetch} />;
  }
  if (!checkpoint) {
    return (
      <Stack aria-busy aria-label="Loading the checkpoint">
        <Skeleton height={34} width={320} />
        <Skeleton height={200} />
        <Skeleton height={400} />
      </Stack>
    );
  }

  return (
    <Stack gap="lg">
      <Imports imports={imports} />
      <CheckpointHeader checkpoint={checkpoint} actions={actions} />
      {checkpoint.trashedAt && (
        <Alert color="yellow" icon={<Trash2 size={18} />} p="sm">
          <Text fz="sm">This checkpoint is in the trash.</Text>
        </Alert>
      )}
      {checkpoint.state !== 'ok' && (
        <Alert
          color="red"
          icon={<TriangleAlert size={18} />}
          title={checkpoint.state === 'missing' ? 'The file is missing' : 'The file is damaged'}
        >
          <Text fz="sm">{checkpoint.problem} No run will use it as it is.</Text>
          <Text fz="sm" mt={4}>
            {checkpoint.state === 'missing' ? 'Put it back where it was' : 'Put the original back in its place'}, or
            import another copy.
          </Text>
        </Alert>
      )}
      {actions.verifying && <TaskProgressLine label="Hashing the file" progress={actions.progress} />}
      <div className={styles.columns}>
        <section>
          <Title order={2} mb="xs">
            File
          </Title>
          <CheckpointFacts checkpoint={checkpoint} />
        </section>
        <Stack gap="lg">
          <section>
            <Title order={2} mb="xs">
              Lineage
            </Title>
            <Lineage checkpoint={checkpoint} />
          </section>
          <section>
            <Title order={2} mb="xs">
              Results
            </Title>
            <CheckpointResults checkpoint={checkpoint} />
          </section>
        </Stack>
      </div>
      {checkpoint.state === 'ok' && checkpoint.arch !== null && (
        <section>
          <Title order={2} mb="xs">
            Neighbours of an image
          </Title>
          <ImageNeighbours checkpoint={checkpoint} image={image} onImage={setImage} />
        </section>
      )}
      {checkpoint.state !== 'missing' && (
        <section>
          <Title order={2} mb="xs">
            Tensors
          </Title>
          <TensorBrowser checkpoint={checkpoint} />
        </section>
      )}
      {action === 'export' && (
        <ExportDialog
          checkpoint={checkpoint}
          onClose={() => navigate(`/checkpoints/${checkpoint.id}`, { replace: true })}
        />
      )}
    </Stack>
  );
}
