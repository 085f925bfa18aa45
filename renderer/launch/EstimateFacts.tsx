import { Group, Loader, Text } from '@mantine/core';
import type { Estimates } from '../../common/launch.ts';
import { formatBytes, formatCount } from '../ui/format.ts';

interface EstimateFactsProps {
  estimates: Estimates | null;
  /** The settings have changed since. */
  stale: boolean;
  dataMissing: boolean;
}

/** What the run will need, as far as it can be told without starting it. */
export function EstimateFacts({ estimates, stale, dataMissing }: EstimateFactsProps) {
  const e = estimates;
  const images =
    e?.trainImages === null || e === null ? null : `${e.imagesAtLeast ? 'at least ' : ''}${formatCount(e.trainImages)}`;
  const rows: [label: string, value: string | null][] = [
    ['Training images', images ?? (dataMissing ? 'made at Start' : null)],
    ['Steps an epoch', e?.stepsPerEpoch == null ? null : formatCount(e.stepsPerEpoch)],
    ['Steps in all', e?.totalSteps == null ? null : formatCount(e.totalSteps)],
    ['Parameters', e?.parameters == null ? null : `${(e.parameters / 1e6).toFixed(1)} million`],
    ['Memory, roughly', e?.memoryBytes == null ? null : formatBytes(e.memoryBytes)],
    ['One checkpoint', e?.checkpointBytes == null ? null : formatBytes(e.checkpointBytes)],
    [
      'Disk in all',
      e?.diskBytes == null ? null : `${formatBytes(e.diskBytes)} of ${formatBytes(e.freeDiskBytes)} free`,
    ],
  ];
  return (
    <div aria-busy={stale}>
      <Group gap={8} mb={6}>
        <Text fz="sm" fw={500}>
          What it needs
        </Text>
        {/* Not by fading the numbers: they stay as readable as before. */}
        {stale && <Loader size={11} aria-label="Reckoning anew" />}
      </Group>
      <dl style={{ margin: 0 }}>
        {rows.map(([label, value]) => (
          <Group key={label} justify="space-between" gap="xs" py={3} wrap="nowrap">
            <Text component="dt" fz="sm" className="quiet">
              {label}
            </Text>
            <Text component="dd" fz="sm" m={0} className="numbers">
              {value ?? '–'}
            </Text>
          </Group>
        ))}
      </dl>
    </div>
  );
}
