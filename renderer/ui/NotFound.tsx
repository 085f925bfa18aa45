import { Button, EmptyState } from '@mantine/core';
import { Link } from 'wouter';

export function NotFound() {
  return (
    <EmptyState title="There is no such page" description="The address may be of a page that has moved.">
      <EmptyState.Actions>
        <Button component={Link} href="/runs">
          To the runs
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
