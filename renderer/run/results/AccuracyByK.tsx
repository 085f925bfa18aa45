import { Title, useComputedColorScheme } from '@mantine/core';
import { givenColours, runStyles } from '../../../common/charts/run-styles.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { XY } from '../../charts/collect-curve.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { formatPercent, formatSignificant } from '../../ui/format.ts';

export interface AccuracyCurve {
  run: RunRecord;
  /** x: k; y: percent. */
  points: XY[];
  bestK: number | null;
}

const nothing: never[] = [];
const formatK = (k: number) => `k = ${k}`;
const tickOfK = (k: number) => (Number.isInteger(k) ? String(k) : '');
const tickOfPercent = (value: number) => `${formatSignificant(value)} %`;

/** Accuracy by the number of neighbours that vote. */
export function AccuracyByK({ curves }: { curves: AccuracyCurve[] }) {
  const scheme = useComputedColorScheme('light');
  const runs = curves.map(({ run }) => run);
  const looks = runStyles(
    runs.map(({ id }) => id),
    scheme,
    givenColours(runs),
  );
  const description = curves
    .map(({ run: { name }, points, bestK }) => {
      const best = points.find(({ x }) => x === bestK);
      return `${name}: ${points.length} points${best ? `, best ${formatPercent(best.y)} at k = ${bestK}` : ''}.`;
    })
    .join(' ');
  return (
    <section data-chart="accuracy-by-k">
      <Title order={2} mb="xs">
        Accuracy by k
      </Title>
      <div className="surface" style={{ padding: 12 }}>
        <LineChart
          description={`Accuracy by k. ${description}`}
          curves={curves.map(({ run, points }) => ({
            label: run.name,
            points,
            ...looks.get(run.id)!,
            markers: true,
          }))}
          references={nothing}
          gaps={nothing}
          alarms={nothing}
          logarithmic={false}
          formatX={formatK}
          formatTick={tickOfK}
          formatY={formatPercent}
          formatTickY={tickOfPercent}
          height={220}
        />
      </div>
    </section>
  );
}
