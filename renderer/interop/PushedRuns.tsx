import { Alert, Anchor, Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { CircleCheck, ExternalLink } from 'lucide-react';
import type { MlflowPush, PushedRun } from '../../common/interop.ts';
import { formatCount } from '../ui/format.ts';
import styles from './Interop.module.css';
import { Remarks } from './Remarks.tsx';

/** What a push has come to, and where the runs are in MLflow. */
export function PushedRuns({ pushed, onClose }: { pushed: MlflowPush; onClose: () => void }) {
  const { server, experiment, runs } = pushed;
  const remarks = runs.flatMap(({ name, remarks }) => remarks.map((text) => ({ name, text })));
  return (
    <Stack gap="md">
      <Alert color="teal" icon={<CircleCheck size={18} />} title="Pushed" role="status">
        <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {runs.length === 1 ? 'The run is' : `${formatCount(runs.length)} runs are`} in the experiment{' '}
          <External href={`${server}/#/experiments/${experiment.id}`}>{experiment.name}</External>
          {experiment.created ? ', which is new' : ''}.
        </Text>
      </Alert>
      <ScrollArea.Autosize
        mah={300}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Runs that were pushed' }}
      >
        <Table aria-label="Pushed runs" stickyHeader verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run in MLflow</Table.Th>
              <Table.Th className={styles.number}>New points</Table.Th>
              <Table.Th>State</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td className={styles.name}>
                  <External href={run.page}>{run.name}</External>
                </Table.Td>
                <Table.Td className={styles.number}>{formatCount(run.points)}</Table.Td>
                <Table.Td>{stateWords(run)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      <Remarks title="What MLflow has otherwise" remarks={remarks} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

function stateWords({ created, points }: PushedRun): string {
  if (created) return 'new';
  return points > 0 ? 'brought up to date' : 'as it was';
}

function External({ href, children }: { href: string; children: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" fz="sm" underline="always">
      {children} <ExternalLink size={13} aria-label="(opens MLflow)" style={{ verticalAlign: '-1px' }} />
    </Anchor>
  );
}
