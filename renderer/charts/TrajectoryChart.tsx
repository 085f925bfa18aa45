import { useComputedColorScheme } from '@mantine/core';
import { formatSignificant } from '../ui/format.ts';
import { axisColours } from './palette.ts';
import { scaleOf } from './round-scale.ts';

export interface TrajectoryPoint {
  epoch: number;
  x: number;
  y: number;
}

interface TrajectoryChartProps {
  colour: string;
  points: TrajectoryPoint[];
  xLabel: string;
  yLabel: string;
}

const [width, height] = [420, 260];
const margin = { left: 56, right: 14, top: 12, bottom: 40 };

/** Two measures against each other as training goes on, a mark for each epoch; the newest is filled. */
export function TrajectoryChart({ colour, points, xLabel, yLabel }: TrajectoryChartProps) {
  const scheme = useComputedColorScheme('light');
  const colours = axisColours[scheme];
  const [x, y] = [scaleOf(points.map((point) => point.x)), scaleOf(points.map((point) => point.y))];
  const across = (value: number) => margin.left + x.share(value) * (width - margin.left - margin.right);
  const up = (value: number) => height - margin.bottom - y.share(value) * (height - margin.top - margin.bottom);
  const [first, last] = [points[0], points.at(-1)];
  const words = ({ epoch, x, y }: TrajectoryPoint) =>
    `epoch ${epoch}: ${xLabel} ${formatSignificant(x)}, ${yLabel} ${formatSignificant(y)}`;
  const description = first && last ? `From ${words(first)} to ${words(last)}.` : 'Nothing measured yet.';

  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={description}
      style={{ width: '100%', maxWidth: 560 }}
    >
      {x.ticks.map((tick) => (
        <g key={`x${tick}`}>
          <line x1={across(tick)} x2={across(tick)} y1={margin.top} y2={height - margin.bottom} stroke={colours.grid} />
          <text x={across(tick)} y={height - margin.bottom + 16} textAnchor="middle" fontSize="11" fill={colours.text}>
            {formatSignificant(tick)}
          </text>
        </g>
      ))}
      {y.ticks.map((tick) => (
        <g key={`y${tick}`}>
          <line x1={margin.left} x2={width - margin.right} y1={up(tick)} y2={up(tick)} stroke={colours.grid} />
          <text x={margin.left - 8} y={up(tick) + 4} textAnchor="end" fontSize="11" fill={colours.text}>
            {formatSignificant(tick)}
          </text>
        </g>
      ))}
      <text x={width / 2} y={height - 6} textAnchor="middle" fontSize="11" fill={colours.text}>
        {xLabel}
      </text>
      <text transform={`translate(12 ${height / 2}) rotate(-90)`} textAnchor="middle" fontSize="11" fill={colours.text}>
        {yLabel}
      </text>
      <polyline
        points={points.map((point) => `${across(point.x)},${up(point.y)}`).join(' ')}
        fill="none"
        stroke={colour}
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
      {points.map((point) => (
        <circle
          key={point.epoch}
          cx={across(point.x)}
          cy={up(point.y)}
          r={point === last ? 4.5 : 2.5}
          fill={point === last ? colour : colours.label}
          stroke={colour}
        >
          <title>{words(point)}</title>
        </circle>
      ))}
    </svg>
  );
}
