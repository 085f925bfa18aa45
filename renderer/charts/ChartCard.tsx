import { ActionIcon, Group, Popover, Table, Text, Tooltip, useComputedColorScheme } from '@mantine/core';
import { Info, Table2 } from 'lucide-react';
import { memo, useState } from 'react';
import { secondCue } from '../../common/charts/curve-style.ts';
import { seriesStyles } from '../../common/charts/run-styles.ts';
import type { AlarmRecord, Reference, RunRecord } from '../../common/records.ts';
import { axisLabels, tickFormatterFor, wordsFor } from './axis-format.ts';
import { type BestMark, bestPoint } from './best-point.ts';
import styles from './ChartCard.module.css';
import { ChartMenu } from './ChartMenu.tsx';
import { CurveSample } from './CurveSample.tsx';
import type { ChartDefinition } from './chart-definition.ts';
import { type Axis, collectCurve, describeCurve } from './collect-curve.ts';
import { type DrawnCurve, LineChart } from './LineChart.tsx';
import type { PointBuffer } from './point-buffer.ts';

export interface ChartView {
  axis: Axis;
  smoothingWindow: number;
  logarithmic: boolean;
  /** Of the horizontal axis; absent in a view that was kept before there was one. */
  logarithmicX?: boolean;
}

interface ChartCardProps {
  /** Whose curves they are. */
  run: Pick<RunRecord, 'id' | 'name' | 'colour'>;
  chart: ChartDefinition;
  buffers: ReadonlyMap<string, PointBuffer>;
  /** Buffers are added to in place; a new version tells that they were. */
  version: number;
  references: Reference[];
  /** Marked in every chart. */
  alarms: AlarmRecord[];
  view: ChartView;
  stepsPerEpoch: number | null;
  startedAt: number;
  height?: number;
}

const mostRows = 200;

/** A chart with its title, its latest values, its curves by name, and its data as a table. */
export const ChartCard = memo(function ChartCard(props: ChartCardProps) {
  const { chart, buffers, references, alarms, view, stepsPerEpoch, startedAt, height = 220 } = props;
  const scheme = useComputedColorScheme('light');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [dataShown, setDataShown] = useState(false);
  const logarithmic = view.logarithmic && chart.positive === true;
  const logarithmicX = isLogarithmicX(view);
  const smoothingWindow = chart.markers ? 0 : view.smoothingWindow;

  const looks = seriesStyles(
    props.run,
    chart.series.map(({ name }) => name),
    scheme,
  );
  const series = chart.series.flatMap(({ name, label }) => {
    const buffer = buffers.get(name);
    return buffer && buffer.values.length > 0 ? [{ name, label, buffer, style: looks.get(name)! }] : [];
  });
  const gaps: number[] = [];
  const best: BestMark[] = [];
  const curves = series.flatMap(({ name, label, buffer, style }): DrawnCurve[] => {
    if (hidden.has(name)) return [];
    const curve = collectCurve(buffer, {
      axis: view.axis,
      stepsPerEpoch,
      startedAt,
      smoothingWindow,
      logarithmic,
      logarithmicX,
    });
    gaps.push(...curve.gaps);
    const cue = secondCue(style, { points: buffer.values.length, smoothed: smoothingWindow > 0 });
    const line = { label, points: curve.line, colour: style.colour, ...cue, markers: chart.markers };
    const found = bestPoint(name, curve.raw.length > 0 ? curve.raw : curve.line);
    if (found) best.push({ ...found, label: `best ${chart.format(found.y)}`, colour: style.colour });
    const raw = { label: `${label}, raw`, points: curve.raw, colour: style.colour, dash: [], faint: true };
    return curve.raw.length > 0 ? [line, raw] : [line];
  });
  const lines = chart.series.flatMap(({ name, label }) =>
    references
      .filter(({ series }) => series === name)
      .map((reference) => ({
        name: chart.series.length > 1 ? `${label} ${reference.name}` : reference.name,
        value: reference.value,
      })),
  );
  const description = [
    `${chart.title}.`,
    ...series.map(({ label, buffer }) => describeCurve(label, buffer, chart.format)),
    ...best.map(({ label }) => `${label}, marked.`),
    ...lines.map(({ name, value }) => `Line ${name} at ${chart.format(value)}.`),
  ].join(' ');

  const picture = () => ({
    title: chart.title,
    xLabel: axisLabels[view.axis],
    curves,
    references: lines,
    best,
    logarithmic,
    logarithmicX,
    formatX: tickFormatterFor(view.axis),
    formatY: chart.formatTick,
  });

  function toggle(name: string) {
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  }

  return (
    <section className={`surface ${styles.card}`} aria-label={chart.title} data-chart={chart.id}>
      <Group justify="space-between" gap="xs" mb={6} mih={26}>
        <Group gap={4} wrap="nowrap">
          <h3 className={styles.title}>{chart.title}</h3>
          <Popover width={280} withArrow>
            <Popover.Target>
              <ActionIcon variant="transparent" color="gray" size="sm" aria-label={`About ${chart.title}`}>
                <Info size={14} />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown>
              <Text fz="xs">{chart.help}</Text>
            </Popover.Dropdown>
          </Popover>
        </Group>
        <Group gap={10} wrap="nowrap" ml="auto">
          {series.map(({ name, label, buffer, style }) => {
            const value = <b className="numbers">{chart.format(buffer.values.at(-1)!)}</b>;
            if (series.length === 1) return <span key={name}>{value}</span>;
            return (
              <button
                key={name}
                type="button"
                className={styles.legend}
                aria-pressed={!hidden.has(name)}
                onClick={() => toggle(name)}
              >
                <CurveSample style={style} />
                {label} {value}
              </button>
            );
          })}
          {series.length > 0 && (
            <ChartMenu picture={picture} runs={[props.run]} series={series.map(({ name }) => name)} />
          )}
          <Tooltip label={dataShown ? 'Show the chart' : 'Show data'}>
            <ActionIcon
              variant={dataShown ? 'light' : 'subtle'}
              color="gray"
              size="sm"
              aria-label={`Data of ${chart.title}`}
              aria-pressed={dataShown}
              onClick={() => setDataShown(!dataShown)}
            >
              <Table2 size={14} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {dataShown ? (
        <DataTable height={height} series={series} format={chart.format} />
      ) : curves.length > 0 ? (
        <LineChart
          description={description}
          curves={curves}
          references={lines}
          gaps={gaps}
          best={best}
          alarms={alarms.map((alarm) => ({
            x: placeOf(alarm, view.axis, stepsPerEpoch, startedAt),
            text: alarm.message,
          }))}
          logarithmic={logarithmic}
          logarithmicX={logarithmicX}
          formatX={wordsFor(view.axis)}
          formatTick={tickFormatterFor(view.axis)}
          formatY={chart.format}
          formatTickY={chart.formatTick}
          height={height}
        />
      ) : (
        <Text fz="sm" className="quiet" ta="center" h={height} style={{ alignContent: 'center' }}>
          {series.length > 0 ? 'Every curve is hidden.' : 'Nothing measured yet.'}
        </Text>
      )}
    </section>
  );
});

/** Dates have no logarithm. */
export function isLogarithmicX({ axis, logarithmicX = false }: ChartView): boolean {
  return logarithmicX && axis !== 'wall';
}

function placeOf(
  { step, epoch, at }: AlarmRecord,
  axis: Axis,
  stepsPerEpoch: number | null,
  startedAt: number,
): number {
  if (axis === 'wall') return Date.parse(at) / 1000;
  if (axis === 'time') return (Date.parse(at) - startedAt) / 1000;
  if (axis === 'step') return step;
  return stepsPerEpoch ? step / stepsPerEpoch : epoch;
}

interface DataTableProps {
  series: { name: string; label: string; buffer: PointBuffer }[];
  format: (value: number) => string;
  height: number;
}

/** The newest points, newest first. */
function DataTable({ series, format, height }: DataTableProps) {
  const first = series[0]?.buffer;
  if (!first) return <div style={{ height }} />;
  const indices = Array.from({ length: Math.min(mostRows, first.steps.length) }, (_, i) => first.steps.length - 1 - i);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
    <div style={{ height, overflowY: 'auto' }} tabIndex={0}>
      <Table fz="xs" className="numbers" stickyHeader withRowBorders={false} striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th>Epoch</Table.Th>
            {series.map(({ name, label }) => (
              <Table.Th key={name}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {indices.map((index) => (
            <Table.Tr key={first.steps[index]}>
              <Table.Td>{first.steps[index]}</Table.Td>
              <Table.Td>{first.epochs[index]}</Table.Td>
              {series.map(({ name, buffer }) => (
                <Table.Td key={name}>
                  {buffer.steps[index] === undefined ? '–' : format(buffer.values[index]!)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
