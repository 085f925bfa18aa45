import {
  ActionIcon,
  Anchor,
  Button,
  EmptyState,
  Group,
  Skeleton,
  Table,
  Text,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download, Rocket } from 'lucide-react';
import { Link } from 'wouter';
import { checkpointIdLength } from '../../common/checkpoints.ts';
import type { RunRecord } from '../../common/records.ts';
import { runFileUrl, useTRPC } from '../api/client.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatAgo, formatBytes, formatCount, formatUtc } from '../ui/format.ts';
import { Tag } from '../ui/Tag.tsx';

/** The checkpoints of a run that are still there, the newest first. */
export function CheckpointsTab({ run }: { run: RunRecord }) {
  const trpc = useTRPC();
  const { data, error, isPending } = useQuery(trpc.runs.checkpoints.queryOptions({ id: run.id }));
  if (error) return <ErrorNotice title="The checkpoints could not be read" error={error} />;
  if (isPending) return <Skeleton height={160} aria-label="Loading the checkpoints" />;
  const kept = data.filter(({ removed }) => !removed).sort((a, b) => b.step - a.step);
  const removed = data.length - kept.length;
  if (kept.length === 0) {
    return (
      <EmptyState
        className="surface"
        py={48}
        title="No checkpoint yet"
        description="One is saved at the end of each epoch, and when the run is paused or stopped."
      />
    );
  }

  return (
    <>
      <div className="surface" style={{ overflowX: 'auto' }}>
        <Table fz="sm" className="numbers" verticalSpacing={8} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th ta="right">Epochs</Table.Th>
              <Table.Th ta="right">Step</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>SHA-256</Table.Th>
              <Table.Th>Saved</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kept.map((checkpoint, index) => (
              <Table.Tr key={checkpoint.path}>
                <Table.Td>
                  <Group gap={8} wrap="nowrap">
                    <Text span className="mono" title={checkpoint.path}>
                      {nameOf(checkpoint.path)}
                    </Text>
                    {checkpoint.best && <Tag color="teal">best kNN</Tag>}
                    {index === 0 && <Tag color="gray">newest</Tag>}
                  </Group>
                </Table.Td>
                <Table.Td ta="right">{checkpoint.epoch}</Table.Td>
                <Table.Td ta="right">{formatCount(checkpoint.step)}</Table.Td>
                <Table.Td ta="right">{formatBytes(checkpoint.sizeBytes)}</Table.Td>
                <Table.Td className="mono" title={checkpoint.sha256}>
                  <Anchor
                    component={Link}
                    href={`/checkpoints/${checkpoint.sha256.slice(0, checkpointIdLength)}`}
                    fz="inherit"
                  >
                    {checkpoint.sha256.slice(0, 10)}
                  </Anchor>
                </Table.Td>
                <Table.Td title={formatUtc(checkpoint.createdAt)}>{formatAgo(checkpoint.createdAt)}</Table.Td>
                <Table.Td>
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    <Button
                      component={Link}
                      href={`/launch/from/${run.id}/${encodeURIComponent(checkpoint.path)}`}
                      size="compact-sm"
                      variant="default"
                      leftSection={<Rocket size={13} />}
                    >
                      Start from this
                    </Button>
                    {isInFolder(checkpoint.path) && (
                      <Tooltip label="Download">
                        <ActionIcon
                          component="a"
                          href={runFileUrl(run.id, checkpoint.path)}
                          download={nameOf(checkpoint.path)}
                          variant="default"
                          aria-label={`Download ${nameOf(checkpoint.path)}`}
                        >
                          <Download size={14} />
                        </ActionIcon>
                      </Tooltip>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Text fz="xs" className="quiet numbers" mt="sm">
        {formatBytes(run.sizeBytes)} in all.
        {removed > 0
          ? ` ${removed} earlier ${removed === 1 ? 'one was' : 'ones were'} removed, as the run's settings say.`
          : ''}
      </Text>
    </>
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Those in a checkpoint folder of the user's own are where they can be had already. */
function isInFolder(path: string): boolean {
  return !path.startsWith('/') && !/^[a-z]:/i.test(path);
}
