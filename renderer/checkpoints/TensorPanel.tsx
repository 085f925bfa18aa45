import { ActionIcon, Group, SegmentedControl, Skeleton, Table, Text, Tooltip } from '@mantine/core';
import { Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CheckpointSummary, TensorSummary } from '../../common/checkpoints.ts';
import { Histogram } from '../charts/Histogram.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { formatCount, formatSignificant } from '../ui/format.ts';
import styles from './TensorPanel.module.css';
import { useTensors } from './use-tensors.ts';
import { shapeWords } from './words.ts';

const height = 260;

/** The values of one tensor: their range, their moments, and how they are spread. */
export function TensorPanel({ checkpoint, name }: { checkpoint: CheckpointSummary; name: string }) {
  const { data, error, isPending } = useTensors(checkpoint, name);
  const tensor = data?.tensor;
  return (
    <section className={`surface ${styles.panel}`} aria-label={`Values of ${name}`} aria-busy={isPending || undefined}>
      <h3 className={`mono ${styles.name}`}>{name}</h3>
      {error ? (
        <ErrorNotice title="Its values could not be read" error={error} />
      ) : tensor ? (
        <TensorValues tensor={tensor} />
      ) : (
        <Skeleton height={height + 100} aria-label="Reading the values" />
      )}
    </section>
  );
}

function TensorValues({ tensor }: { tensor: TensorSummary }) {
  const [logarithmic, setLogarithmic] = useState(false);
  const [dataShown, setDataShown] = useState(false);
  const { minimum, maximum, histogram } = tensor;
  const edges = useMemo(() => edgesOf(minimum ?? 0, maximum ?? 0, histogram.length), [minimum, maximum, histogram]);
  const figures: [string, string][] = [
    ['Values', formatCount(tensor.count)],
    ['Least', formatSignificant(minimum, 4)],
    ['Greatest', formatSignificant(maximum, 4)],
    ['Mean', formatSignificant(tensor.mean, 4)],
    ['Deviation', formatSignificant(tensor.standardDeviation, 4)],
    ['NaN', formatCount(tensor.notANumber)],
    ['Infinite', formatCount(tensor.infinite)],
  ];
  const drawn = minimum !== null && minimum !== maximum;
  return (
    <>
      <Text fz="sm" className="quiet numbers" mb="sm">
        {shapeWords(tensor.shape)}, {tensor.dtype}
      </Text>
      <dl className={styles.figures}>
        {figures.map(([label, value]) => (
          <div key={label} data-alarm={(label === 'NaN' || label === 'Infinite') && value !== '0' ? true : undefined}>
            <dt>{label}</dt>
            <dd className="numbers">{value}</dd>
          </div>
        ))}
      </dl>
      {drawn && (
        <>
          <Group justify="space-between" mb={6}>
            <SegmentedControl
              size="xs"
              aria-label="Scale of the counts"
              value={logarithmic ? 'log' : 'linear'}
              onChange={(scale) => setLogarithmic(scale === 'log')}
              data={[
                { value: 'linear', label: 'Linear' },
                { value: 'log', label: 'Logarithmic' },
              ]}
            />
            <Tooltip label={dataShown ? 'Show the chart' : 'Show data'}>
              <ActionIcon
                variant={dataShown ? 'light' : 'subtle'}
                color="gray"
                size="sm"
                aria-label="Data of the histogram"
                aria-pressed={dataShown}
                onClick={() => setDataShown(!dataShown)}
              >
                <Table2 size={14} />
              </ActionIcon>
            </Tooltip>
          </Group>
          {dataShown ? (
            <HistogramTable edges={edges} counts={histogram} />
          ) : (
            <Histogram
              description={descriptionOf(tensor, edges)}
              edges={edges}
              counts={histogram}
              logarithmic={logarithmic}
              height={height}
            />
          )}
        </>
      )}
      {!drawn && (
        <Text fz="sm" className="quiet">
          {tensor.count === 0
            ? 'It is empty.'
            : minimum === null
              ? 'None of its values is finite.'
              : `All finite values are ${formatSignificant(minimum, 4)}.`}
        </Text>
      )}
    </>
  );
}

function HistogramTable({ edges, counts }: { edges: readonly number[]; counts: readonly number[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
    <div style={{ height, overflowY: 'auto' }} tabIndex={0}>
      <Table fz="xs" className="numbers" stickyHeader withRowBorders={false} striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From</Table.Th>
            <Table.Th>To</Table.Th>
            <Table.Th ta="right">Values</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {counts.map((count, bin) => (
            <Table.Tr key={edges[bin]}>
              <Table.Td>{formatSignificant(edges[bin], 4)}</Table.Td>
              <Table.Td>{formatSignificant(edges[bin + 1], 4)}</Table.Td>
              <Table.Td ta="right">{formatCount(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function edgesOf(minimum: number, maximum: number, bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, edge) => minimum + ((maximum - minimum) * edge) / bins);
}

function descriptionOf({ name, count, histogram, minimum, maximum, mean }: TensorSummary, edges: number[]): string {
  const most = histogram.indexOf(histogram.reduce((a, b) => Math.max(a, b), 0));
  return [
    `Histogram of ${name}: ${formatCount(count)} values from ${formatSignificant(minimum)} to ${formatSignificant(maximum)}, mean ${formatSignificant(mean)}.`,
    `Most, ${formatCount(histogram[most])}, lie between ${formatSignificant(edges[most])} and ${formatSignificant(edges[most + 1])}.`,
  ].join(' ');
}
