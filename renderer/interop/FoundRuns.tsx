import { ScrollArea, Table, Text } from '@mantine/core';
import type { FoundRun, RunImport } from '../../common/interop.ts';
import { jobKinds, jobs } from '../../common/jobs/index.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import styles from './Interop.module.css';
import { Remarks } from './Remarks.tsx';

/** More are counted, not listed: a log folder may hold thousands. */
const mostRows = 200;

/** What a bundle or a log folder holds, and what of it could not be read. */
export function FoundRuns({ found: { runs, format } }: { found: RunImport }) {
  const curves = format === 'tensorboard';
  const remarks = runs.flatMap(({ name, remarks }) => remarks.map((text) => ({ name, text })));
  return (
    <>
      <ScrollArea.Autosize
        mah={280}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Runs that were found' }}
      >
        <Table aria-label="Found runs" stickyHeader verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              {!curves && <Table.Th>Kind</Table.Th>}
              {curves && <Table.Th className={styles.number}>Series</Table.Th>}
              {curves && <Table.Th className={styles.number}>Points</Table.Th>}
              <Table.Th className={styles.number}>Size</Table.Th>
              <Table.Th>State</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.slice(0, mostRows).map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td className={styles.name} title={run.tags?.slice(0, 20).join(', ')}>
                  {run.name}
                </Table.Td>
                {!curves && <Table.Td>{kindWords(run)}</Table.Td>}
                {curves && <Table.Td className={styles.number}>{formatCount(run.tags?.length)}</Table.Td>}
                {curves && <Table.Td className={styles.number}>{formatCount(run.points)}</Table.Td>}
                <Table.Td className={styles.number}>{formatBytes(run.sizeBytes)}</Table.Td>
                <Table.Td>{stateWords(run)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {runs.length > mostRows && (
        <Text fz="sm" className="quiet">
          And {formatCount(runs.length - mostRows)} more.
        </Text>
      )}
      <Remarks title="What is to be known of it, and where" remarks={remarks} />
    </>
  );
}

function stateWords({ existing, newPoints }: FoundRun): string {
  if (newPoints > 0) return `here, ${formatCount(newPoints)} new ${newPoints === 1 ? 'point' : 'points'}`;
  return existing ? 'here already' : 'new';
}

function kindWords({ kind }: FoundRun): string {
  const known = jobKinds.find((one) => one === kind);
  return known ? jobs[known].title : kind;
}
