import { Button, Menu, Tooltip } from '@mantine/core';
import { Repeat2 } from 'lucide-react';
import type { RunRecord } from '../../common/records.ts';
import { useReproduce } from './use-reproduce.tsx';

const icon = <Repeat2 size={15} strokeWidth={1.8} />;

export function ReproduceButton({ run }: { run: RunRecord }) {
  const reproduce = useReproduce();
  if (run.state !== 'finished') return null;
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
    <Menu.Item disabled={run.state !== 'finished'} leftSection={icon} onClick={() => reproduce(run)}>
      Reproduce this row
    </Menu.Item>
  );
}
