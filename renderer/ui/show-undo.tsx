import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const undoMs = 10_000;

interface Undoable {
  title: string;
  /** What it was done to. */
  name: string;
  undo: () => unknown;
}

/** Says what was done, and takes it back while the message stands. */
export function showUndo({ title, name, undo }: Undoable) {
  const id = notifications.show({
    autoClose: undoMs,
    title,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm" truncate>
          {name}
        </Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
