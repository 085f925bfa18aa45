import { Button, EmptyState, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link as LinkIcon, Plus } from 'lucide-react';
import { Link } from 'wouter';
import { chainName, chainState, holdWords } from '../../common/chains.ts';
import { useChains } from '../api/ChainsProvider.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatAgo } from '../ui/format.ts';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ChainBadge } from './ChainBadge.tsx';
import styles from './Chains.module.css';

/** Every chain that was started, the newest first. */
export function ChainsPage() {
  const { chains, error } = useChains();
  return (
    <>
      <PageHeader title="Chains" subtitle="Jobs that follow one another, each starting from what the one before left.">
        <Button component={Link} href="/launch" leftSection={<Plus size={16} />}>
          New chain
        </Button>
      </PageHeader>
      {error ? <ErrorNotice title="The chains could not be read" error={error} /> : null}
      {!chains && !error && <Skeleton height={120} aria-label="Loading the chains" />}
      {chains?.length === 0 && (
        <EmptyState
          className="surface"
          py={72}
          variant="light"
          icon={<LinkIcon size={26} strokeWidth={1.6} />}
          title="No chain was started yet"
          description="The published recipe for a small net as one thing: learn from a teacher, go on by contrast, then evaluate. The page Launch has chains below the recipes."
        >
          <EmptyState.Actions>
            <Button component={Link} href="/launch">
              Choose a chain
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
      <Stack gap="xs">
        {chains?.map((record) => {
          const done = record.links.filter(({ state }) => state === 'finished').length;
          return (
            <Link key={record.id} href={`/chains/${record.id}`} className={`surface ${styles.row}`}>
              <div style={{ minWidth: 0 }}>
                <Text fw={500} truncate>
                  {chainName(record)}
                </Text>
                <Text fz={12} className="quiet">
                  {holdWords(record) ?? record.chain.links.map(({ title }) => title).join(' → ')}
                </Text>
              </div>
              <Group gap="sm">
                <Text fz="sm" className="quiet numbers">
                  {done} of {record.links.length} links · {formatAgo(record.createdAt)}
                </Text>
                <ChainBadge state={chainState(record)} />
              </Group>
            </Link>
          );
        })}
      </Stack>
    </>
  );
}
