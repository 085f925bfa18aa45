import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { chainName } from '../../common/chains.ts';
import type { RunRecord } from '../../common/records.ts';
import { useChainPlace } from '../api/ChainsProvider.tsx';
import { useRuns } from '../api/RunsProvider.tsx';

/** The run that this one was made from, and the chain that it is a link of. */
export function RunLineage({ run }: { run: RunRecord }) {
  const { runs } = useRuns();
  const place = useChainPlace(run.id);
  if (!place && !run.parent) return null;
  return (
    <Group gap="md" aria-label="Lineage" component="section">
      {place && (
        <Text fz="sm" className="quiet">
          Link {place.at + 1} of {place.record.links.length} of{' '}
          <Anchor component={Link} href={`/chains/${place.record.id}`} fz="sm">
            {chainName(place.record)}
          </Anchor>
        </Text>
      )}
      {run.parent && (
        <Text fz="sm" className="quiet">
          Made from{' '}
          <Anchor component={Link} href={`/runs/${run.parent}`} fz="sm">
            {runs.find(({ id }) => id === run.parent)?.name ?? run.parent}
          </Anchor>
        </Text>
      )}
    </Group>
  );
}
