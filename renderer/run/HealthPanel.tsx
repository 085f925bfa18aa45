import { Alert, Group, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { shownRunColour } from '../../common/charts/run-styles.ts';
import type { RunRecord } from '../../common/records.ts';
import type { PointBuffer } from '../charts/point-buffer.ts';
import { TrajectoryChart, type TrajectoryPoint } from '../charts/TrajectoryChart.tsx';

interface HealthPanelProps {
  run: RunRecord;
  buffers: ReadonlyMap<string, PointBuffer>;
}

/** What the rules of health have found, in words, and the way of the net between alignment and uniformity. */
export function HealthPanel({ run, buffers }: HealthPanelProps) {
  const scheme = useComputedColorScheme('light');
  const points = trajectoryOf(buffers.get('probe/alignment'), buffers.get('probe/uniformity'));
  if (run.alarms.length === 0 && points.length === 0) return null;
  return (
    <section className="surface" style={{ padding: 14, marginTop: 16 }} aria-label="Health">
      <Text component="h3" fz="sm" fw={600} mb="xs">
        Health
      </Text>
      <Group align="flex-start" gap="lg" wrap="wrap">
        <Stack gap="xs" style={{ flex: '1 1 320px', minWidth: 0 }}>
          {run.alarms.length === 0 && (
            <Group gap={6}>
              <CircleCheck size={16} aria-hidden />
              <Text fz="sm">No alarm: not at chance, not collapsed, nothing but finite numbers.</Text>
            </Group>
          )}
          {run.alarms.map((alarm) => (
            <Alert
              key={`${alarm.rule}-${alarm.at}`}
              color="red"
              icon={<TriangleAlert size={16} />}
              title={alarm.message}
              p="sm"
            >
              <Text fz="sm">{alarm.cure}</Text>
              <Text fz="xs" className="quiet numbers">
                Epoch {alarm.epoch}, step {alarm.step}
              </Text>
            </Alert>
          ))}
        </Stack>
        {points.length > 0 && (
          <div style={{ flex: '1 1 320px', minWidth: 0 }}>
            <Text fz="xs" className="quiet" mb={4}>
              Of the embeddings of 256 training images: how far two views of an image are apart (alignment), and how
              evenly images fill the sphere (uniformity). Lower is better for both.
            </Text>
            <TrajectoryChart
              colour={shownRunColour(run, scheme)}
              points={points}
              xLabel="Alignment"
              yLabel="Uniformity"
            />
          </div>
        )}
      </Group>
    </section>
  );
}

function trajectoryOf(alignment?: PointBuffer, uniformity?: PointBuffer): TrajectoryPoint[] {
  if (!alignment || !uniformity) return [];
  const yAt = new Map(uniformity.steps.map((step, at) => [step, uniformity.values[at]!]));
  return alignment.steps.flatMap((step, at) => {
    const [x, y] = [alignment.values[at]!, yAt.get(step)];
    return y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [{ epoch: alignment.epochs[at]!, x, y }] : [];
  });
}
