import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { CheckpointDetail } from '../../common/checkpoints.ts';
import { ClassifierLink } from '../ui/ClassifierLink.tsx';
import { formatPercent } from '../ui/format.ts';
import { resultsOf } from './filter-checkpoints.ts';

/** Each evaluation with how it was measured: numbers of different protocols are not compared. */
export function CheckpointResults({ checkpoint }: { checkpoint: CheckpointDetail }) {
  const results = resultsOf(checkpoint);
  if (results.length === 0) {
    return (
      <Text fz="sm" className="quiet surface" p="md">
        Nothing was measured with it yet: use it in a run, such as nearest neighbours.
      </Text>
    );
  }
  return (
    <div className="surface" style={{ overflowX: 'auto' }}>
      <Table fz="sm" className="numbers" verticalSpacing={8} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Evaluation</Table.Th>
            <Table.Th ta="right">Best</Table.Th>
            <Table.Th>Protocol</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map(({ name, words, value, run, protocol, classifier }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Anchor component={Link} href={`/runs/${run}`} fz="sm">
                  {words}
                </Anchor>
              </Table.Td>
              <Table.Td ta="right">{formatPercent(value)}</Table.Td>
              <Table.Td className="quiet">
                {protocolWords(protocol)}
                {classifier !== undefined && (
                  <div>
                    <ClassifierLink runId={run} path={classifier} name={`${checkpoint.name}-${name}`} />
                  </div>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function protocolWords(protocol: Record<string, unknown>): string {
  return Object.entries(protocol)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([key, value]) => `${key} ${value}`)
    .join(' · ');
}
