import { Group, Stack } from '@mantine/core';
import type { RunRecord } from '../../common/records.ts';
import { Breadcrumb } from '../ui/Breadcrumb.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import { RunButtons } from './RunButtons.tsx';
import { RunFigures } from './RunFigures.tsx';
import { RunLineage } from './RunLineage.tsx';
import { RunName } from './RunName.tsx';
import { RunProgress } from './RunProgress.tsx';

export function RunHeader({ run }: { run: RunRecord }) {
  return (
    <Stack gap="sm">
      <Breadcrumb list="Runs" href="/runs" id={run.id} />
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <RunName run={run} />
          <StateBadge state={run.state} />
        </Group>
        <RunButtons run={run} />
      </Group>
      <RunLineage run={run} />
      <RunProgress run={run} />
      <RunFigures run={run} />
    </Stack>
  );
}
