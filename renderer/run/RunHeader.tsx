import { Group, SimpleGrid, Stack } from '@mantine/core';
import type { RunRecord } from '../../common/records.ts';
import { RunColour } from '../runs/RunColour.tsx';
import { StarRun } from '../runs/StarRun.tsx';
import { Breadcrumb } from '../ui/Breadcrumb.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import { Tag } from '../ui/Tag.tsx';
import { RunButtons } from './RunButtons.tsx';
import { RunFigures } from './RunFigures.tsx';
import { RunLineage } from './RunLineage.tsx';
import { RunName } from './RunName.tsx';
import { RunNote } from './RunNote.tsx';
import { RunProgress } from './RunProgress.tsx';
import { RunTags } from './RunTags.tsx';

export function RunHeader({ run }: { run: RunRecord }) {
  return (
    <Stack gap="sm">
      <Breadcrumb list="Runs" href="/runs" id={run.id} />
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <RunColour run={run} />
          <RunName run={run} />
          <StarRun run={run} />
          <StateBadge state={run.state} />
          {run.archived && <Tag color="gray">Archived</Tag>}
        </Group>
        <RunButtons run={run} />
      </Group>
      <RunLineage run={run} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="xs">
        <RunTags key={`tags ${run.id}`} run={run} />
        <RunNote key={`note ${run.id}`} run={run} />
      </SimpleGrid>
      <RunProgress run={run} />
      <RunFigures run={run} />
    </Stack>
  );
}
