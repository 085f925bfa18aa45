import { Anchor, Button, Checkbox, EmptyState, Group, Modal, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatAgo, formatBytes, formatUtc } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { trashedRuns } from './use-run-actions.tsx';

const rowsAtOnce = 200;

/** Runs in the trash: brought back, or removed for good. */
export function TrashPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.runs.list.queryOptions(trashedRuns, { staleTime: 0 }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [most, setMost] = useState(rowsAtOnce);
  const [asking, { open, close }] = useDisclosure(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.runs.list.queryKey(trashedRuns) });
  const restore = useMutation(
    trpc.runs.restore.mutationOptions({
      onSettled: refresh,
      onError: (error) => showError('The runs could not be brought back', error),
    }),
  );
  const remove = useMutation(
    trpc.runs.deleteForever.mutationOptions({
      onSettled: () => {
        close();
        return refresh();
      },
      onError: (error) => showError('The runs could not be removed', error),
    }),
  );
  const runs = list.data?.rows ?? [];
  const selected = runs.filter(({ id }) => chosen.has(id));
  const subject = selected.length > 0 ? selected : runs;
  const words = selected.length > 0 ? countOf(selected.length) : 'all';
  const ids = subject.map(({ id }) => id);

  return (
    <>
      <PageHeader
        title="Trash"
        subtitle={
          <>
            Runs that were moved here keep all they have until they are removed for good.{' '}
            <Anchor component={Link} href="/runs" fz="sm" underline="always">
              All runs
            </Anchor>
          </>
        }
      >
        {runs.length > 0 && (
          <>
            <Button
              variant="default"
              leftSection={<RotateCcw size={15} aria-hidden />}
              loading={restore.isPending}
              onClick={() => restore.mutate({ ids })}
            >
              Restore {words}
            </Button>
            <Button variant="default" leftSection={<Trash2 size={15} aria-hidden />} onClick={open}>
              Remove {words} for good
            </Button>
          </>
        )}
      </PageHeader>
      {list.error ? (
        <ErrorNotice title="The trash could not be read" error={list.error} onRetry={list.refetch} />
      ) : list.isPending ? (
        <Stack gap="xs" aria-busy aria-label="Loading the trash">
          <Skeleton height={44} radius="sm" />
        </Stack>
      ) : runs.length === 0 ? (
        <EmptyState
          className="surface"
          py={72}
          variant="light"
          icon={<Trash2 size={26} strokeWidth={1.6} />}
          title="The trash is empty"
          description="A run that is moved to the trash waits here until it is brought back or removed for good."
        />
      ) : (
        <Stack gap="sm">
          <Table.ScrollContainer minWidth={560} className="surface">
            <Table aria-label="Runs in the trash" verticalSpacing={8}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={42}>
                    <Checkbox
                      size="xs"
                      aria-label="Select all"
                      checked={selected.length === runs.length}
                      indeterminate={selected.length > 0 && selected.length < runs.length}
                      onChange={({ currentTarget }) =>
                        setChosen(new Set(currentTarget.checked ? runs.map(({ id }) => id) : []))
                      }
                    />
                  </Table.Th>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Checkpoints</Table.Th>
                  <Table.Th>In the trash since</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {runs.slice(0, most).map((run) => (
                  <TrashedRun
                    key={run.id}
                    run={run}
                    chosen={chosen.has(run.id)}
                    onChoose={() =>
                      setChosen((before) => {
                        const after = new Set(before);
                        if (!after.delete(run.id)) after.add(run.id);
                        return after;
                      })
                    }
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {runs.length > most && (
            <Button size="compact-sm" variant="default" onClick={() => setMost(most + rowsAtOnce)}>
              {most} of {runs.length} are shown: {rowsAtOnce} more
            </Button>
          )}
          <Text fz="xs" className="numbers" role="status">
            {countOf(runs.length)}, {formatBytes(sizeOf(runs))} of checkpoints
          </Text>
        </Stack>
      )}
      <Modal opened={asking} onClose={close} title="Remove for good?">
        <Stack>
          <Text fz="sm">
            The {subject.length === 1 ? `folder of "${subject[0]?.name}"` : `folders of ${countOf(subject.length)}`}{' '}
            with settings, curves, log and {formatBytes(sizeOf(subject))} of checkpoints will be deleted. This cannot be
            undone.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={close}>
              Keep
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ ids })}>
              Delete {countOf(subject.length)}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function TrashedRun({ run, chosen, onChoose }: { run: RunRecord; chosen: boolean; onChoose: () => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox size="xs" aria-label={`Select ${run.name}`} checked={chosen} onChange={onChoose} />
      </Table.Td>
      <Table.Td>
        {run.name}{' '}
        <Text span fz={12} className="quiet">
          {run.id}
        </Text>
      </Table.Td>
      <Table.Td>{run.state}</Table.Td>
      <Table.Td className="numbers">{formatBytes(run.sizeBytes)}</Table.Td>
      <Table.Td title={run.trashedAt ? formatUtc(run.trashedAt) : undefined}>
        {run.trashedAt ? formatAgo(run.trashedAt) : '–'}
      </Table.Td>
    </Table.Tr>
  );
}

function countOf(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}

function sizeOf(runs: readonly RunRecord[]): number {
  return runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
