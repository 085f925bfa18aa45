import { Button, Menu, Tooltip } from '@mantine/core';
import { Repeat2 } from 'lucide-react';
import { jobs } from '../../common/jobs/index.ts';
import type { RunRecord } from '../../common/records.ts';
import { useReproduce } from './use-reproduce.tsx';

const icon = <Repeat2 size={15} strokeWidth={1.8} />;

export function ReproduceButton({ run }: { run: RunRecord }) {
  const reproduce = useReproduce();
  if (!isRepeatable(run)) return null;
  return (
    <Tooltip label="Runs it once more with the same settings and seed, and tells how far apart the two are">
      <Button variant="default" leftSection={icon} onClick={() => reproduce(run)}>
        Reproduce
      </Button>
    </Tooltip>
  );
}

export function ReproduceItem({ run }: { run: RunRecord }) {
  const reproduce = useReproduce();
  return (
    <Menu.Item disabled={!isRepeatable(run)} leftSection={icon} onClick={() => reproduce(run)}>
      Reproduce this row
    </Menu.Item>
  );
}

/** What was imported from elsewhere is a record: nothing here can run it. */
function isRepeatable({ kind, state }: RunRecord): boolean {
  return state === 'finished' && jobs[kind].recorded;
}
