import { Text, Title, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { givenColours, runStyles } from '../../../common/charts/run-styles.ts';
import { resultOf } from '../../../common/evaluations.ts';
import type { RunRecord } from '../../../common/records.ts';
import type { Published } from '../../../common/results/published.ts';
import { useTRPC } from '../../api/client.ts';
import { axisColours } from '../../charts/palette.ts';
import { scaleOf } from '../../charts/round-scale.ts';
import { formatSignificant } from '../../ui/format.ts';

interface PlanePoint {
  id: string;
  name: string;
  alignment: number;
  uniformity: number;
  kind: 'own' | 'other' | 'published';
}

const [width, height] = [560, 320];
const margin = { left: 62, right: 18, top: 14, bottom: 42 };

/** Alignment against uniformity (Wang & Isola 2020): towards the lower left both are better. */
export function AlignmentPlane({ run, others }: { run: RunRecord; others: RunRecord[] }) {
  const trpc = useTRPC();
  const { data: published } = useQuery(
    trpc.exports.published.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const scheme = useComputedColorScheme('light');
  const colours = axisColours[scheme];
  const points = [
    ...publishedPoints(published),
    ...others.flatMap((other) => pointOf(other, 'other')),
    ...pointOf(run, 'own'),
  ];
  const runs = [run, ...others];
  const looks = runStyles(
    runs.map(({ id }) => id),
    scheme,
    givenColours(runs),
  );
  const x = scaleOf(points.map(({ alignment }) => alignment));
  const y = scaleOf(points.map(({ uniformity }) => uniformity));
  const across = (value: number) => margin.left + x.share(value) * (width - margin.left - margin.right);
  const up = (value: number) => height - margin.bottom - y.share(value) * (height - margin.top - margin.bottom);
  const text = { fontSize: 11, fill: colours.text };
  const words = ({ name, alignment, uniformity }: PlanePoint) =>
    `${name}: alignment ${formatSignificant(alignment, 4)}, uniformity ${formatSignificant(uniformity, 4)}`;

  return (
    <section data-chart="alignment-plane">
      <Title order={2} mb="xs">
        Alignment and uniformity
      </Title>
      <div className="surface" style={{ padding: 12 }}>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${points.map(words).join('. ')}. Lower is better in both.`}
          style={{ width: '100%', maxWidth: 760 }}
        >
          {x.ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={across(tick)}
                x2={across(tick)}
                y1={margin.top}
                y2={height - margin.bottom}
                stroke={colours.grid}
              />
              <text x={across(tick)} y={height - margin.bottom + 16} textAnchor="middle" {...text}>
                {formatSignificant(tick)}
              </text>
            </g>
          ))}
          {y.ticks.map((tick) => (
            <g key={tick}>
              <line x1={margin.left} x2={width - margin.right} y1={up(tick)} y2={up(tick)} stroke={colours.grid} />
              <text x={margin.left - 8} y={up(tick) + 4} textAnchor="end" {...text}>
                {formatSignificant(tick)}
              </text>
            </g>
          ))}
          <text x={width / 2} y={height - 6} textAnchor="middle" {...text}>
            Alignment of an image and its view, lower is better
          </text>
          <text transform={`translate(13 ${height / 2}) rotate(-90)`} textAnchor="middle" {...text}>
            Uniformity, lower is better
          </text>
          {points.map((point) => (
            <PointMark
              key={point.id}
              point={point}
              colour={looks.get(point.id)?.colour ?? colours.reference}
              x={across(point.alignment)}
              y={up(point.uniformity)}
              title={words(point)}
            />
          ))}
        </svg>
        <Text fz="xs" className="quiet">
          Filled: this run. Ring: others on the same images. Diamond: published, on other images, so it shows where such
          nets lie and is not to be ranked with.
        </Text>
      </div>
    </section>
  );
}

interface PointMarkProps {
  point: PlanePoint;
  colour: string;
  x: number;
  y: number;
  title: string;
}

function PointMark({ point, colour, x, y, title }: PointMarkProps) {
  const scheme = useComputedColorScheme('light');
  const colours = axisColours[scheme];
  const left = x > width * 0.6;
  return (
    <g>
      <title>{title}</title>
      {point.kind === 'published' ? (
        <rect x={-5} y={-5} width={10} height={10} transform={`translate(${x} ${y}) rotate(45)`} fill={colour} />
      ) : (
        <circle
          cx={x}
          cy={y}
          r={6}
          fill={point.kind === 'own' ? colour : colours.label}
          stroke={colour}
          strokeWidth={2}
        />
      )}
      {point.kind !== 'other' && (
        <text x={x + (left ? -11 : 11)} y={y + 4} textAnchor={left ? 'end' : 'start'} fontSize={11} fill={colours.text}>
          {point.name.length > 44 ? `${point.name.slice(0, 43)}…` : point.name}
        </text>
      )}
    </g>
  );
}

function pointOf(run: RunRecord, kind: 'own' | 'other'): PlanePoint[] {
  const { alignmentDSd, uniformityD } = resultOf(run)?.values ?? {};
  if (typeof alignmentDSd !== 'number' || typeof uniformityD !== 'number') return [];
  if (!Number.isFinite(alignmentDSd) || !Number.isFinite(uniformityD)) return [];
  return [{ id: run.id, name: run.name, alignment: alignmentDSd, uniformity: uniformityD, kind }];
}

function publishedPoints(published: Published | undefined): PlanePoint[] {
  const groups = Map.groupBy(
    published?.rows ?? [],
    ({ system, model, epochs, protocol }) => `${system}, ${model}, ${epochs ?? '?'} epochs, ${protocol}`,
  );
  return [...groups].flatMap(([name, rows]) => {
    const alignment = rows.find(({ metric }) => metric === 'alignment_d_sd')?.value;
    const uniformity = rows.find(({ metric }) => metric === 'uniformity_d')?.value;
    if (alignment === undefined || uniformity === undefined) return [];
    return [{ id: name, name, alignment, uniformity, kind: 'published' as const }];
  });
}
