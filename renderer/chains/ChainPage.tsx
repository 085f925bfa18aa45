import { Alert, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type ChainChanges, chainName, chainState, holdWords } from '../../common/chains.ts';
import { useChains } from '../api/ChainsProvider.tsx';
import { Breadcrumb } from '../ui/Breadcrumb.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Facts } from '../ui/Facts.tsx';
import { formatMoment } from '../ui/format.ts';
import { NotFound } from '../ui/NotFound.tsx';
import { ChainBadge } from './ChainBadge.tsx';
import { ChainButtons } from './ChainButtons.tsx';
import { ChainLinks } from './ChainLinks.tsx';
import { LinkSections } from './LinkSections.tsx';

/** One chain: its links as steps, why it does not go on, and how to make it. */
export function ChainPage({ id }: { id: string }) {
  const { chains, error } = useChains();
  const [changes, setChanges] = useState<ChainChanges>({});
  const [opened, setOpened] = useState<string | null>(null);
  const record = chains?.find((chain) => chain.id === id);
  if (error && !record) return <ErrorNotice title="The chain could not be read" error={error} />;
  if (chains && !record) return <NotFound />;
  if (!record) return <Skeleton height={420} aria-label="Loading the chain" />;
  const hold = holdWords(record);
  const { chain, given, createdAt, driver, links } = record;
  const open = chain.links.filter((_link, at) => links[at]?.state !== 'finished').map(({ name }) => name);
  return (
    <Stack gap="md">
      <Breadcrumb list="Chains" href="/chains" id={id} />
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Title order={1}>{chainName(record)}</Title>
          <ChainBadge state={chainState(record)} />
        </Group>
        <ChainButtons record={record} changes={changes} onGone={() => setChanges({})} />
      </Group>
      <div aria-live="polite">
        {hold && (
          <Alert color={chainState(record) === 'held' ? 'orange' : 'gray'} icon={<TriangleAlert size={18} />} p="sm">
            <Text fz="sm">{hold}</Text>
          </Alert>
        )}
      </div>
      <ChainLinks record={record} />
      {hold && (
        <section>
          <Title order={2} mb={4}>
            Change what is still to be done
          </Title>
          <Text fz="sm" className="quiet" mb="sm">
            Other values take effect with Continue. Where they are of the link that holds the chain, it begins anew in
            another run.
          </Text>
          <LinkSections
            chain={chain}
            only={open}
            changes={changes}
            plan={undefined}
            opened={opened}
            onOpen={setOpened}
            onChange={(link, values) => setChanges((before) => ({ ...before, [link]: { ...before[link], ...values } }))}
          />
        </section>
      )}
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

/** `data` as a label. */
export function labelOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
