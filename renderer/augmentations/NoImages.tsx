import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Sparkles, WandSparkles } from 'lucide-react';
import { useDemoData } from '../launch/use-demo-data.ts';
import { TaskProgressLine } from '../ui/TaskProgressLine.tsx';

/** Before there is anything to look at: what the page is for, and the quickest way to some images. */
export function NoImages({ onData }: { onData: (path: string) => void }) {
  const demo = useDemoData(true, onData);
  const { folder, making } = demo;
  return (
    <Stack className="surface" align="center" gap="xs" p="xl" ta="center">
      <WandSparkles size={32} strokeWidth={1.4} aria-hidden />
      <Title order={2}>No images yet</Title>
      <Text fz="sm" className="quiet" maw={460}>
        The lab shows the two views of an image that training would compare, and how each was made. Choose a folder of
        images, drop a single one here, or take the demo data.
      </Text>
      {making.running ? (
        <div style={{ width: 'min(100%, 360px)' }}>
          <TaskProgressLine
            label="making the demo data"
            progress={making.task?.stage ? { ...making.task, stage: making.task.stage } : null}
            onCancel={making.cancel}
          />
        </div>
      ) : (
        <Group mt="xs">
          <Button
            leftSection={<Sparkles size={15} />}
            loading={demo.loading}
            onClick={() => (folder ? onData(folder) : demo.make())}
          >
            {folder ? 'Take the demo data' : 'Make the demo data'}
          </Button>
        </Group>
      )}
      {making.task?.error && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {making.task.error.message} {making.task.error.cure}
        </Text>
      )}
    </Stack>
  );
}
