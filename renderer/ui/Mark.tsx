import { Group, Text } from '@mantine/core';
import mark from './mark.svg';

export function Mark() {
  return (
    <Group gap={10} wrap="nowrap">
      <img src={mark} width={24} height={24} alt="" />
      <Text fw={600} fz="md" style={{ letterSpacing: '-0.01em' }}>
        Contrast Studio
      </Text>
    </Group>
  );
}
