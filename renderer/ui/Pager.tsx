import { Button, Group, Text } from '@mantine/core';
import { formatCount } from './format.ts';

interface PagerProps {
  /** From 0. */
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

/** One page before or after; nothing where there is one alone. */
export function Pager({ page, pages, onPage }: PagerProps) {
  if (pages < 2) return null;
  return (
    <Group gap="xs" mt="xs">
      <Button size="compact-sm" variant="default" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Before
      </Button>
      <Text fz="sm" className="numbers" role="status">
        {page + 1} of {formatCount(pages)}
      </Text>
      <Button size="compact-sm" variant="default" disabled={page === pages - 1} onClick={() => onPage(page + 1)}>
        Next
      </Button>
    </Group>
  );
}
