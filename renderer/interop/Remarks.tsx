import { Alert, List, ScrollArea, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';

/** More are not listed: a log folder may hold thousands. */
const most = 200;

/** What is not as one might think, of which run. Nothing where there is nothing of the kind. */
export function Remarks({ title, remarks }: { title: string; remarks: readonly { name: string; text: string }[] }) {
  if (remarks.length === 0) return null;
  return (
    <Alert color="yellow" icon={<TriangleAlert size={18} />} p="sm">
      <Text fz="sm" fw={600} mb={4}>
        {title}
      </Text>
      <ScrollArea.Autosize
        mah={140}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Remarks' }}
      >
        <List fz="sm" spacing={2}>
          {remarks.slice(0, most).map(({ name, text }) => (
            <List.Item key={`${name} ${text}`} style={{ overflowWrap: 'anywhere' }}>
              {name}: {text}
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
    </Alert>
  );
}
