import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePlay, OctagonX, TriangleAlert } from 'lucide-react';
import { type ChainRecord, chainName, chainState, currentLink, holdWords } from '../../common/chains.ts';
import { isActive } from '../../common/records.ts';
import { useChains } from '../api/ChainsProvider.tsx';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { Breadcrumb } from '../ui/Breadcrumb.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatMoment } from '../ui/format.ts';
import { NotFound } from '../ui/NotFound.tsx';
import { ChainBadge } from './ChainBadge.tsx';
import { ChainLinks } from './ChainLinks.tsx';

/** One chain: its links as steps, why it does not go on, and how to make it. */
export function ChainPage({ id }: { id: string }) {
  const { chains, error } = useChains();
  const record = chains?.find((chain) => chain.id === id);
  if (error && !record) return <ErrorNotice title="The chain could not be read" error={error} />;
  if (chains && !record) return <NotFound />;
  if (!record) return <Skeleton height={420} aria-label="Loading the chain" />;
  const hold = holdWords(record);
  const { chain, given, createdAt, driver } = record;
  return (
    <Stack gap="md">
      <Breadcrumb list="Chains" href="/chains" id={id} />
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Title order={1}>{chainName(record)}</Title>
          <ChainBadge state={chainState(record)} />
        </Group>
        <ChainButtons record={record} />
      </Group>
      <div aria-live="polite">
        {hold && (
          <Alert color={chainState(record) === 'held' ? 'orange' : 'gray'} icon={<TriangleAlert size={18} />} p="sm">
            <Text fz="sm">{hold}</Text>
          </Alert>
        )}
      </div>
      <ChainLinks record={record} />
      <Facts
        facts={[
          { label: 'Chain', value: chain.title },
          ...Object.keys(chain.inputs).map((name) => ({ label: labelOf(name), value: given[name] ?? '–', mono: true })),
          { label: 'Started', value: formatMoment(createdAt) },
          { label: 'Goes on', value: driver ? `at a command line, process ${driver.pid}` : 'by the queue' },
          { label: 'Source', value: chain.source },
        ]}
      />
    </Stack>
  );
}

function ChainButtons({ record }: { record: ChainRecord }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = { onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.chains.list.queryKey() }) };
  const cancel = useMutation(
    trpc.chains.cancel.mutationOptions({
      ...settled,
      onError: (error) => showError('The chain could not be cancelled', error),
    }),
  );
  const goOn = useMutation(
    trpc.chains.continue.mutationOptions({
      ...settled,
      onError: (error) => showError('The chain could not go on', error),
    }),
  );
  const state = chainState(record);
  if (state === 'finished') return null;
  const link = record.links[currentLink(record)];
  const ending = link !== undefined && link.state !== 'waiting' && isActive(link.state);
  return (
    <Group gap="xs">
      {state !== 'running' && (
        <Button
          leftSection={<CirclePlay size={15} />}
          loading={goOn.isPending}
          disabled={ending}
          onClick={() => goOn.mutate({ id: record.id })}
        >
          Continue
        </Button>
      )}
      {state !== 'cancelled' && (
        <Button
          variant="default"
          leftSection={<OctagonX size={15} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ id: record.id })}
        >
          Cancel the chain
        </Button>
      )}
    </Group>
  );
}

/** `data` as a label. */
export function labelOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
