import { Group, Text, Title } from '@mantine/core';
import type { OverlapEstimate } from '../../common/views-preview.ts';
import { Histogram } from '../charts/Histogram.tsx';
import { formatCount } from '../ui/format.ts';
import styles from './Augmentations.module.css';
import { percent } from './view-words.ts';

/** How much the two crops of an image share, over many draws. */
export function OverlapPanel({ estimate }: { estimate: OverlapEstimate }) {
  const { draws, mean, apart, counts } = estimate;
  const edges = Array.from({ length: counts.length + 1 }, (_, edge) => edge / counts.length);
  const words = `Mean ${percent(mean)}; ${percent(apart)} of the pairs share nothing.`;
  return (
    <section className={`surface ${styles.overlap}`} aria-label="Overlap of the views">
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={2}>Overlap of the views</Title>
        <Text fz="xs" className="quiet numbers">
          {formatCount(draws)} pairs of these images
        </Text>
      </Group>
      <Text fz="sm" className="numbers" mb="xs" data-overlap={mean.toFixed(4)}>
        {words}
      </Text>
      <Histogram
        description={`Intersection over union of ${draws} pairs of crops. ${words}`}
        edges={edges}
        counts={counts}
        logarithmic={false}
        height={120}
      />
      <Text fz="xs" className="quiet" mt={4}>
        Intersection over union of the two crops, 0 to 1: little of it makes the task hard, much of it makes it easy.
      </Text>
    </section>
  );
}
