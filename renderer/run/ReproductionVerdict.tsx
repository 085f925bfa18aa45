import { Alert, Anchor, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Repeat2 } from 'lucide-react';
import { Link } from 'wouter';
import type { RunRecord } from '../../common/records.ts';
import { type Reproduction, type ResultDifference, reproductionWords } from '../../common/reproduction.ts';
import { useTRPCClient } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';

const colours: Partial<Record<Reproduction['state'], string>> = { identical: 'teal', differs: 'yellow' };

/** How far apart the run and the one that it repeats are; nothing on a run that repeats none. */
export function ReproductionVerdict({ run }: { run: RunRecord }) {
  const client = useTRPCClient();
  const { runs } = useRuns();
  const { data } = useQuery({
    // The verdict is there when the run has ended: it is asked for again in each state.
    queryKey: ['reproduction', run.id, run.state],
    queryFn: () => client.reproductions.get.query({ id: run.id }),
    enabled: run.parent !== null,
    placeholderData: (before: Reproduction | null | undefined) => before,
  });
  if (!data) return null;
  const changed = data.results.filter(({ difference }) => difference !== 0);
  return (
    <Alert
      color={colours[data.state] ?? 'gray'}
      icon={<Repeat2 size={18} />}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      title={
        <>
          Reproduces{' '}
          <Anchor component={Link} href={`/runs/${data.first}`} inherit>
            {runs.find(({ id }) => id === data.first)?.name ?? data.first}
          </Anchor>
        </>
      }
    >
      <Text fz="sm">{reproductionWords(data)}</Text>
      {changed.length > 0 && <Changed results={changed} />}
    </Alert>
  );
}

function Changed({ results }: { results: ResultDifference[] }) {
  const shown = (value: number | null) => (value === null ? 'absent' : String(value));
  return (
    <Table.ScrollContainer minWidth={360} mah={220} mt="xs">
      <Table fz="sm" verticalSpacing={2} className="numbers">
        <Table.Thead>
          <Table.Tr>
            {['Result', 'First', 'This run', 'Difference'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map(({ name, first, again, difference }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{shown(first)}</Table.Td>
              <Table.Td>{shown(again)}</Table.Td>
              <Table.Td>{Number.isNaN(difference) ? '–' : difference.toPrecision(3)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
