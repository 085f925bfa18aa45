import { Alert, Button, Group, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { plainView, type RunsView } from '../../common/runs-view.ts';

interface GoneFieldsProps {
  gone: readonly string[];
  view: RunsView;
  onChange: (change: Partial<RunsView>) => void;
}

/** Says which fields of the view no run has any more; everything else of it works. */
export function GoneFields({ gone, view, onChange }: GoneFieldsProps) {
  if (gone.length === 0) return null;
  const takeOut = () =>
    onChange({
      columns: view.columns.filter(({ field }) => !gone.includes(field)),
      ...(gone.includes(view.sort.field) && { sort: plainView.sort }),
      ...(gone.includes(view.groupBy) && { groupBy: plainView.groupBy }),
    });
  return (
    <Alert color="yellow" icon={<TriangleAlert size={18} />} p="sm" role="status">
      <Group justify="space-between">
        <Text fz="sm">No run has {gone.map((field) => `"${field}"`).join(', ')}; the view shows everything else.</Text>
        <Button size="compact-sm" variant="default" onClick={takeOut}>
          Take out
        </Button>
      </Group>
    </Alert>
  );
}
