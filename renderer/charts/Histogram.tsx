import { useComputedColorScheme } from '@mantine/core';
import type { ChartOptions } from 'chart.js';
import { useMemo } from 'react';
import { Bar } from 'react-chartjs-2';
import { formatCount, formatSignificant } from '../ui/format.ts';
import { chartFont, tooltipLook } from './look.ts';
import { axisColours, curveStyle } from './palette.ts';
import './setup.ts';

interface HistogramProps {
  /** What a screen reader says of the picture. */
  description: string;
  /** Ascending, one more than there are counts. */
  edges: readonly number[];
  counts: readonly number[];
  logarithmic: boolean;
  height: number;
}

/** How many values lie between each two edges. */
export function Histogram({ description, edges, counts, logarithmic, height }: HistogramProps) {
  const scheme = useComputedColorScheme('light');
  const options = useMemo((): ChartOptions<'bar'> => {
    const colours = axisColours[scheme];
    const centre = (bin: number) => formatSignificant(((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2);
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: colours.grid },
          ticks: {
            color: colours.text,
            font: chartFont,
            maxTicksLimit: 7,
            maxRotation: 0,
            callback: (bin) => centre(Number(bin)),
          },
        },
        y: {
          type: logarithmic ? 'logarithmic' : 'linear',
          min: logarithmic ? 0.8 : 0,
          grid: { color: colours.grid, drawTicks: false },
          border: { display: false },
          ticks: {
            color: colours.text,
            font: chartFont,
            maxTicksLimit: 6,
            padding: 8,
            callback: (count) => (Number.isInteger(Number(count)) ? formatCount(Number(count)) : ''),
          },
        },
      },
      plugins: {
        tooltip: {
          ...tooltipLook(scheme),
          animation: false,
          callbacks: {
            title: ([item]) =>
              item
                ? `${formatSignificant(edges[item.dataIndex])} to ${formatSignificant(edges[item.dataIndex + 1])}`
                : '',
            label: (item) => `${formatCount(item.parsed.y)} values`,
          },
        },
      },
    };
  }, [scheme, edges, logarithmic]);
  const data = {
    labels: counts.map((_, bin) => bin),
    datasets: [
      {
        // A bin without values has no bar, not one of the least length.
        data: counts.map((count) => count || null),
        backgroundColor: curveStyle(0, scheme).colour,
        barPercentage: 1,
        categoryPercentage: 0.92,
        minBarLength: 2,
      },
    ],
  };
  return (
    <div style={{ height, position: 'relative' }}>
      <Bar key={scheme} data={data} options={options} updateMode="none" role="img" aria-label={description} />
    </div>
  );
}
