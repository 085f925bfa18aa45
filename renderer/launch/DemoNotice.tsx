import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { CircleCheck, Sparkles } from 'lucide-react';
import { formatCount } from '../ui/format.ts';
import type { DemoData } from './use-demo-data.ts';

interface DemoNoticeProps {
  data: DemoData;
  /** Another folder was chosen in its place. */
  chosen: boolean;
  onCancel: () => void;
}

/** Where the demo's images come from, and how far their making is. */
export function DemoNotice({ data, chosen, onCancel }: DemoNoticeProps) {
  if (chosen || data.loading) return null;
  const { task, running, cancel } = data.making;
  if (running && task) {
    const share = task.total ? (task.done / task.total) * 100 : 0;
    return (
      <Alert icon={<Sparkles size={18} />} title="Making the demo data">
        <Progress value={share} animated={!task.total} size={6} my={6} aria-label="Making the demo data" />
        <Group justify="space-between">
          <Text fz="sm" className="numbers">
            {task.stage ?? 'Starting'}
            {task.total ? ` · ${formatCount(task.done)} of ${formatCount(task.total)}` : ''}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              onCancel();
              cancel();
            }}
          >
            Cancel
          </Button>
        </Group>
      </Alert>
    );
  }
  if (data.folder) {
    return (
      <Alert color="teal" icon={<CircleCheck size={18} />} p="sm">
        <Text fz="sm">The demo data is ready in this workspace.</Text>
      </Alert>
    );
  }
  return (
    <Alert icon={<Sparkles size={18} />} p="sm" color={task?.error ? 'red' : undefined}>
      <Group justify="space-between">
        <Text fz="sm" flex={1}>
          {task?.error
            ? `The demo data could not be made: ${task.error.message} ${task.error.cure ?? ''}`
            : 'The demo draws its own images (100 things by several emoji artists) when you press Start. It takes seconds and no download.'}
        </Text>
        <Button size="compact-sm" variant="default" onClick={data.make}>
          Make it now
        </Button>
      </Group>
    </Alert>
  );
}
