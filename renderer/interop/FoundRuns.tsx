import { Alert, List, ScrollArea, Table, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { FoundRun, RunImport } from '../../common/interop.ts';
import { jobKinds, jobs } from '../../common/jobs/index.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import styles from './Interop.module.css';

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
                <Table.Td>{run.existing ? 'here already' : 'new'}</Table.Td>
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
      {remarks.length > 0 && (
        <Alert color="yellow" icon={<TriangleAlert size={18} />} p="sm">
          <Text fz="sm" fw={600} mb={4}>
            What is left out of it, and where
          </Text>
          <ScrollArea.Autosize
            mah={140}
            type="auto"
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Remarks' }}
          >
            <List fz="sm" spacing={2}>
              {remarks.slice(0, mostRows).map(({ name, text }) => (
                <List.Item key={`${name} ${text}`} style={{ overflowWrap: 'anywhere' }}>
                  {name}: {text}
                </List.Item>
              ))}
            </List>
          </ScrollArea.Autosize>
        </Alert>
      )}
    </>
  );
}

function kindWords({ kind }: FoundRun): string {
  const known = jobKinds.find((one) => one === kind);
  return known ? jobs[known].title : kind;
}
