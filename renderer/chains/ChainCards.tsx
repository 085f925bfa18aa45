import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, BookOpen, Target } from 'lucide-react';
import { Link } from 'wouter';
import type { ChainFile } from '../../common/chains.ts';
import { useChains } from '../api/ChainsProvider.tsx';
import { useTRPC } from '../api/client.ts';
import { RecipeLine } from '../launch/RecipeLine.tsx';
import styles from '../launch/RecipesPage.module.css';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';

/** Chains that can be launched, beside the recipes. */
export function ChainCards() {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.chains.shipped.queryOptions());
  const { chains } = useChains();
  return (
    <section aria-label="From teacher to small model">
      <Group justify="space-between" mt="xl" mb="sm">
        <Title order={2}>From teacher to small model in one go</Title>
        {chains && chains.length > 0 && (
          <Anchor component={Link} href="/chains" fz="sm">
            Chains that were started ({chains.length})
          </Anchor>
        )}
      </Group>
      {error && <ErrorNotice title="The chains could not be read" error={error} />}
      <div className={styles.cards}>
        {data?.map((chain) => (
          <ChainCard key={chain.id} chain={chain} />
        ))}
      </div>
    </section>
  );
}

function ChainCard({ chain }: { chain: ChainFile }) {
  return (
    <Link href={`/launch/chain/${chain.id}`} className={`surface ${styles.card}`} data-chain={chain.id}>
      <Title order={3}>{chain.title}</Title>
      <Text fz="sm" className={styles.summary}>
        {chain.summary}
      </Text>
      <Text fz={12} fw={500} mt="sm">
        {chain.links.map(({ title }) => title).join(' → ')}
      </Text>
      <Stack gap={6} mt="auto" pt="sm">
        <RecipeLine icon={<Target size={14} aria-hidden />} label="Expect" text={chain.expect} />
        <RecipeLine icon={<BookOpen size={14} aria-hidden />} label="Source" text={chain.source} />
      </Stack>
      <span className={styles.go}>
        Set up <ArrowRight size={14} aria-hidden />
      </span>
    </Link>
  );
}
