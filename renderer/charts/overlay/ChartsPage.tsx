import {
  Button,
  EmptyState,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  useComputedColorScheme,
} from '@mantine/core';
import { useDebouncedValue, useThrottledValue } from '@mantine/hooks';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { givenColours, runStyles } from '../../../common/charts/run-styles.ts';
import type { BandKind } from '../../../common/charts/seed-band.ts';
import { groupRuns, oneOfEachSeed, seedWords } from '../../../common/results/groups.ts';
import { useRuns } from '../../api/RunsProvider.tsx';
import { overlaidCharts } from '../../run/chart-list.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { FilterBox } from '../../ui/FilterBox.tsx';
import { formatCount } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { axisLabels, tickFormatterFor, wordsFor } from '../axis-format.ts';
import cardStyles from '../ChartCard.module.css';
import { isLogarithmicX } from '../ChartCard.tsx';
import { ChartMenu } from '../ChartMenu.tsx';
import { ChartViewControls, useChartView } from '../ChartViewControls.tsx';
import { chosenRuns, mostCurves } from './chosen-runs.ts';
import type { LayerCurve } from './curve-geometry.ts';
import styles from './Overlay.module.css';
import { type HoveredPoint, OverlayChart } from './OverlayChart.tsx';
import { OverlayRows } from './OverlayRows.tsx';
import { groupCurve, runCurve } from './overlay-curves.ts';
import type { Range } from './plot-range.ts';
import { pointsFor, useOverlay } from './use-overlay.ts';

type Grouping = 'none' | BandKind;

/** One measurement of any runs over one axis: each by itself, or the seeds of the same settings as one. */
export function ChartsPage({ filter: given = '' }: { filter?: string }) {
  const scheme = useComputedColorScheme('light');
  const { runs: all, loading, error } = useRuns();
  const [, navigate] = useLocation();
  const [filter, setFilter] = useState(given);
  const [settledFilter] = useDebouncedValue(filter, 300);
  const [series, setSeries] = useState<string | null>(null);
  const [grouping, setGrouping] = useState<Grouping>('none');
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string | null>(null);
  const [hovered, setHovered] = useState<HoveredPoint | null>(null);
  const [range, setRange] = useState<Range | null>(null);
  const [view, setView] = useChartView();

  const { runs: found, problem } = useMemo(() => chosenRuns(all, settledFilter), [all, settledFilter]);
  const charts = useMemo(() => overlaidCharts([...new Set(found.flatMap(({ last }) => Object.keys(last)))]), [found]);
  const chart = charts.find(({ id }) => id === series) ?? charts[0];
  const withSeries = chart ? found.filter(({ last }) => chart.id in last) : [];
  const runs = withSeries.slice(0, mostCurves);
  const idsKey = runs.map(({ id }) => id).join();

  const groups = useMemo(() => groupRuns(runs, grouping === 'none' ? 'none' : 'seed', all), [idsKey, grouping]);
  const asOne = groups.filter(({ key, runs }) => runs.length > 1 && !expanded.has(key));
  const asMeans = new Set(chart?.id.startsWith('step/') ? asOne.flatMap(({ runs }) => runs.map(({ id }) => id)) : []);
  const answers = useOverlay({ runs, series: chart?.id ?? '', asMeans, axis: view.axis, range });
  // Hundreds of answers come one after another: the picture follows a few times a second.
  const overlay = useThrottledValue(answers, 400);
  const logarithmic = view.logarithmic && chart?.positive === true;
  const logarithmicX = isLogarithmicX(view);
  const coloursKey = runs.map(({ colour }) => colour).join();
  const looks = useMemo(() => runStyles(idsKey.split(','), scheme, givenColours(runs)), [idsKey, coloursKey, scheme]);

  const { axis } = view;
  const smoothingWindow = chart?.markers ? 0 : view.smoothingWindow;
  const fresh = useMemo((): LayerCurve[] => {
    const drawnAs = { axis, smoothingWindow, logarithmic, logarithmicX };
    return groups.flatMap((group) => {
      const { key, runs } = group;
      const members = runs.flatMap((run) => {
        const whole = overlay.whole.get(run.id);
        return whole ? [{ run, series: whole, detail: overlay.detail.get(run.id) }] : [];
      });
      const look = looks.get(runs[0]!.id)!;
      if (runs.length > 1 && !expanded.has(key)) {
        if (members.length < runs.length) return [];
        const kind = grouping === 'interval' ? 'interval' : 'range';
        const counted = new Set(oneOfEachSeed(group, ({ id }) => overlay.whole.has(id)));
        return [
          groupCurve(
            key,
            members.filter(({ run }) => counted.has(run)),
            drawnAs,
            { kind, look },
          ),
        ];
      }
      return members.map(({ run, series, detail }) =>
        runCurve(run, { whole: series, detail }, drawnAs, looks.get(run.id)!),
      );
    });
  }, [overlay, groups, expanded, looks, axis, smoothingWindow, logarithmic, logarithmicX, grouping]);
  const curves = useDeferredValue(fresh);

  const names = useMemo(() => {
    const named = new Map(groups.flatMap(({ runs }) => runs.map(({ id, name }) => [id, name] as const)));
    for (const group of groups) {
      if (group.runs.length > 1) named.set(group.key, `${group.name}, ${seedWords(group)}`);
    }
    return named;
  }, [groups]);
  const references = useMemo(() => levelsOf(runs, chart?.id), [idsKey, chart?.id]);

  if (error) return <ErrorNotice title="The runs could not be read" error={error} />;
  const measured = [...overlay.whole.values()].reduce((sum, { count }) => sum + count, 0);
  const thinned = [...overlay.whole.values()].some(({ steps, count }) => steps.length < count);
  const each = pointsFor(runs.length);
  const description = chart
    ? `${chart.title} of ${curves.length} curves. ${curves
        .slice(0, 20)
        .map((curve) => wordsOf(curve, names, chart.format))
        .join(' ')}${curves.length > 20 ? ` And ${curves.length - 20} more.` : ''}`
    : '';
  const svgCurves = () =>
    curves.map(({ id, xs, ys, colour, dash, marker, band }) => {
      const points = (values: Float64Array) => Array.from(values, (y, index) => ({ x: xs[index]!, y }));
      return {
        label: names.get(id) ?? id,
        points: points(ys),
        colour,
        dash,
        marker,
        band: band && { low: points(band.low), high: points(band.high) },
      };
    });

  return (
    <>
      <PageHeader title="Charts" subtitle="Curves of any runs in one picture." />
      <Stack gap="sm">
        <Group gap="sm" align="flex-start">
          <FilterBox
            label="Runs"
            value={filter}
            problem={problem}
            onChange={(text) => {
              setFilter(text);
              navigate(text ? `/charts/${encodeURIComponent(text)}` : '/charts', { replace: true });
            }}
          />
          <Select
            aria-label="Measurement"
            w={260}
            searchable
            allowDeselect={false}
            data={charts.map(({ id, title }) => ({ value: id, label: title }))}
            value={chart?.id ?? null}
            onChange={(value) => {
              setSeries(value);
              setRange(null);
            }}
          />
          <SegmentedControl
            aria-label="Seeds"
            value={grouping}
            onChange={(value) => setGrouping(value as Grouping)}
            data={[
              { value: 'none', label: 'Each run' },
              { value: 'range', label: 'Seeds: least to greatest' },
              { value: 'interval', label: 'Seeds: 95 %' },
            ]}
          />
        </Group>
        <ChartViewControls
          view={view}
          onChange={(next) => {
            setView(next);
            setRange(null);
          }}
        />
        {overlay.error && <ErrorNotice title="A curve could not be read" error={overlay.error} />}
        {!chart || runs.length === 0 ? (
          !loading && <NoCurves filtered={filter !== ''} />
        ) : (
          <section
            className={`surface ${cardStyles.card}`}
            aria-label={chart.title}
            aria-busy={answers.arrived < runs.length || overlay !== answers}
            data-chart={chart.id}
          >
            <Group justify="space-between" mb={6}>
              <h3 className={cardStyles.title}>{chart.title}</h3>
              <ChartMenu
                picture={() => ({
                  title: chart.title,
                  xLabel: axisLabels[view.axis],
                  curves: svgCurves(),
                  references,
                  logarithmic,
                  logarithmicX,
                  formatX: tickFormatterFor(view.axis),
                  formatY: chart.formatTick,
                })}
                runs={runs}
                series={[chart.id]}
              />
            </Group>
            <OverlayChart
              description={description}
              curves={curves}
              references={references}
              selected={selected}
              logarithmic={logarithmic}
              logarithmicX={logarithmicX}
              formatTick={tickFormatterFor(view.axis)}
              formatTickY={chart.formatTick}
              height={420}
              onPick={setSelected}
              onHover={setHovered}
              onRange={setRange}
            />
            <Text fz="xs" className={`quiet numbers ${styles.told}`} data-told>
              {hovered
                ? `${names.get(hovered.id) ?? hovered.id}: ${wordsFor(view.axis)(hovered.x)}, ${chart.format(hovered.y)}`
                : `${formatCount(curves.length)} curves of ${formatCount(measured)} points. ${
                    thinned
                      ? `Drawn by the least and greatest of ${Math.floor(each / 2)} stretches each, over seeds by the mean of ${each}; zooming in reads each run in full.`
                      : 'Each point is drawn.'
                  } Shift and drag, or the arrow keys, move along.`}
            </Text>
          </section>
        )}
        {withSeries.length > runs.length && (
          <Text fz="sm" role="status">
            The newest {mostCurves} of {formatCount(withSeries.length)} runs are drawn. Narrow the filter for the
            others.
          </Text>
        )}
        {chart && runs.length > 0 && (
          <OverlayRows
            groups={groups}
            looks={looks}
            expanded={expanded}
            onExpand={(key) => setExpanded((before) => toggled(before, key))}
            selected={selected}
            onSelect={(id) => setSelected((before) => (before === id ? null : id))}
            lastOf={(run) => chart.format(run.last[chart.id] ?? Number.NaN)}
          />
        )}
      </Stack>
    </>
  );
}

function toggled(set: ReadonlySet<string>, key: string): Set<string> {
  const after = new Set(set);
  if (!after.delete(key)) after.add(key);
  return after;
}

/** Chance and the like, where all runs that have such a level agree on it. */
function levelsOf(
  runs: { references: { series: string; name: string; value: number }[] }[],
  series: string | undefined,
) {
  const found = new Map<string, { name: string; value: number }>();
  for (const { references } of runs) {
    for (const { series: of, name, value } of references) {
      if (of === series && Number.isFinite(value)) found.set(`${name} ${value}`, { name, value });
    }
  }
  // More than these are other levels for each run, and would hide the curves.
  return found.size <= 6 ? [...found.values()] : [];
}

function wordsOf(
  { id, ys }: LayerCurve,
  names: ReadonlyMap<string, string>,
  format: (value: number) => string,
): string {
  const finite = ys.filter(Number.isFinite);
  if (finite.length === 0) return `${names.get(id)}: no finite value.`;
  const [least, greatest] = finite.reduce(
    ([low, high], y) => [Math.min(low!, y), Math.max(high!, y)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return `${names.get(id)}: from ${format(finite[0]!)} to ${format(finite.at(-1)!)}; least ${format(least!)}, greatest ${format(greatest!)}.`;
}

function NoCurves({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      className="surface"
      py={48}
      variant="light"
      title={filtered ? 'No run with a curve matches' : 'No curves yet'}
      description={
        filtered ? 'Change the filter above; an empty one draws all runs.' : 'A run draws its curves here as it trains.'
      }
    >
      <EmptyState.Actions>
        <Button component={Link} href={filtered ? '/runs' : '/launch'}>
          {filtered ? 'Runs' : 'Launch a run'}
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
