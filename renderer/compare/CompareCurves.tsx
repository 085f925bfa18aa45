import { Group, Text, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { secondCue } from '../../common/charts/curve-style.ts';
import { isActive, type Series } from '../../common/records.ts';
import type { ComparedRow } from '../../common/results/compared-rows.ts';
import { useTRPC } from '../api/client.ts';
import { axisLabels, tickFormatterFor, wordsFor } from '../charts/axis-format.ts';
import { type BestMark, bestPoint } from '../charts/best-point.ts';
import cardStyles from '../charts/ChartCard.module.css';
import { type ChartView, isLogarithmicX } from '../charts/ChartCard.tsx';
import { ChartMenu } from '../charts/ChartMenu.tsx';
import { ChartViewControls, useChartView } from '../charts/ChartViewControls.tsx';
import type { ChartDefinition } from '../charts/chart-definition.ts';
import { collectCurve, describeCurve } from '../charts/collect-curve.ts';
import { type DrawnCurve, LineChart } from '../charts/LineChart.tsx';
import { bufferOf } from '../charts/point-buffer.ts';
import { overlaidCharts } from '../run/chart-list.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import styles from './Compare.module.css';
import { useRowStyles } from './RowStyles.tsx';

const pointsOfACurve = 2000;
const refreshMs = 5000;

interface CompareCurvesProps {
  rows: ComparedRow[];
  hidden: ReadonlySet<string>;
  /** The row whose curves stand out. */
  highlighted: string | null;
  onHighlight: (id: string) => void;
}

/** Each measurement once, with a curve for each row that has it; that of a checkpoint ends where it was written. */
export function CompareCurves({ rows, hidden, highlighted, onHighlight }: CompareCurvesProps) {
  const trpc = useTRPC();
  const [view, setView] = useChartView();
  const points = useQueries({
    queries: rows.map(({ run, toStep }) =>
      trpc.runs.points.queryOptions(
        { id: run?.id ?? '', maxPoints: pointsOfACurve, ...(toStep !== null && { toStep }) },
        { enabled: run !== null, refetchInterval: run && toStep === null && isActive(run.state) ? refreshMs : false },
      ),
    ),
  });
  const failed = points.find(({ error }) => error);
  const series = rows.map((_row, index) => new Map(points[index]?.data?.series.map((one) => [one.name, one])));
  const charts = overlaidCharts(series.flatMap((ofRun) => [...ofRun.keys()]));

  return (
    <section aria-label="Curves" aria-busy={points.some(({ isLoading }) => isLoading)}>
      <Title order={2} mb="xs">
        Curves
      </Title>
      <ChartViewControls view={view} onChange={setView} />
      {failed && <ErrorNotice title="The curves could not be read" error={failed.error} onRetry={failed.refetch} />}
      <div className={styles.charts}>
        {charts.map((chart) => (
          <OverlaidChart key={chart.id} {...{ chart, rows, series, hidden, view, highlighted, onHighlight }} />
        ))}
      </div>
      {charts.length === 0 && points.every(({ isLoading }) => !isLoading) && (
        <Text fz="sm">None of these rows has a curve.</Text>
      )}
    </section>
  );
}

interface OverlaidChartProps extends CompareCurvesProps {
  chart: ChartDefinition;
  series: Map<string, Series>[];
  view: ChartView;
}

function OverlaidChart({ chart, rows, series, hidden, view, highlighted, onHighlight }: OverlaidChartProps) {
  const rowStyles = useRowStyles();
  const [{ name }] = chart.series as [ChartDefinition['series'][number]];
  const logarithmic = view.logarithmic && chart.positive === true;
  const smoothingWindow = chart.markers ? 0 : view.smoothingWindow;
  const words: string[] = [`${chart.title}.`];
  const logarithmicX = isLogarithmicX(view);
  const gaps: number[] = [];
  const best: BestMark[] = [];
  const owners: string[] = [];
  const curves = rows.flatMap(({ reference, name: label, run }, index): DrawnCurve[] => {
    const found = series[index]?.get(name);
    if (!found || !run || hidden.has(reference)) return [];
    const buffer = bufferOf(found);
    const { colour, dash } = rowStyles.get(reference)!;
    const curve = collectCurve(buffer, {
      axis: view.axis,
      stepsPerEpoch: run.totalSteps && run.epochs ? run.totalSteps / run.epochs : null,
      startedAt: new Date(run.startedAt ?? run.createdAt).getTime(),
      smoothingWindow,
      logarithmic,
      logarithmicX,
    });
    const top = bestPoint(name, curve.raw.length > 0 ? curve.raw : curve.line);
    if (top) best.push({ ...top, label: `${label} ${chart.format(top.y)}`, colour });
    words.push(describeCurve(label, buffer, chart.format));
    gaps.push(...curve.gaps);
    const cue = secondCue({ dash }, { points: buffer.values.length, smoothed: smoothingWindow > 0 });
    const strong = reference === highlighted;
    const line = { label, points: curve.line, colour, ...cue, markers: chart.markers, strong };
    const raw = { label: `${label}, raw`, points: curve.raw, colour, dash: [], faint: true };
    const drawn = curve.raw.length > 0 ? [line, raw] : [line];
    owners.push(...drawn.map(() => reference));
    return drawn;
  });
  const shownRuns = new Map(
    rows.flatMap(({ run, reference }) => (run && !hidden.has(reference) ? [[run.id, run]] : [])),
  );
  const picture = () => ({
    title: chart.title,
    xLabel: axisLabels[view.axis],
    curves,
    best,
    logarithmic,
    logarithmicX,
    formatX: tickFormatterFor(view.axis),
    formatY: chart.formatTick,
  });
  return (
    <section className={`surface ${cardStyles.card}`} aria-label={chart.title} data-chart={name}>
      <Group justify="space-between" mb={6}>
        <h3 className={cardStyles.title}>{chart.title}</h3>
        <ChartMenu picture={picture} runs={[...shownRuns.values()]} series={[name]} />
      </Group>
      {curves.length > 0 ? (
        <LineChart
          description={[...words, ...best.map(({ label }) => `Best ${label}, marked.`)].join(' ')}
          curves={curves}
          references={[]}
          gaps={gaps}
          best={best}
          alarms={[]}
          logarithmic={logarithmic}
          logarithmicX={logarithmicX}
          formatX={wordsFor(view.axis)}
          formatTick={tickFormatterFor(view.axis)}
          formatY={chart.format}
          formatTickY={chart.formatTick}
          height={240}
          onPick={(index) => owners[index] && onHighlight(owners[index])}
        />
      ) : (
        <Text fz="sm" ta="center" h={240} style={{ alignContent: 'center' }}>
          Every curve is hidden.
        </Text>
      )}
    </section>
  );
}
