import { Alert, Button, Group, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { shownError } from '../api/errors.ts';

interface ErrorNoticeProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
}

export function ErrorNotice({ title, error, onRetry }: ErrorNoticeProps) {
  const { message, cure } = shownError(error);
  return (
    <Alert color="red" icon={<TriangleAlert size={18} />} title={title} role="alert">
      <Text fz="sm">{message}</Text>
      {cure && (
        <Text fz="sm" mt={4}>
          {cure}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
