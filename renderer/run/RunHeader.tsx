import { Anchor, Group, Stack, Text } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { RunButtons } from './RunButtons.tsx';
import { RunFigures } from './RunFigures.tsx';
import { RunName } from './RunName.tsx';
import { RunProgress } from './RunProgress.tsx';

export function RunHeader({ run }: { run: RunRecord }) {
  return (
    <Stack gap="sm">
      <Group gap={4} component="nav" aria-label="Breadcrumb">
        <Anchor component={Link} href="/runs" fz="sm" c="dimmed" style={{ color: 'var(--quiet)' }}>
          Runs
        </Anchor>
        <ChevronRight size={13} className="quiet" aria-hidden />
        <Text fz="sm" className="quiet mono">
          {run.id}
        </Text>
      </Group>
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <RunName run={run} />
          <StateBadge state={run.state} />
        </Group>
        <RunButtons run={run} />
      </Group>
      <RunProgress run={run} />
      <RunFigures run={run} />
    </Stack>
  );
}
