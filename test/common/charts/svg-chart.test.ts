import { describe, expect, test } from 'vitest';
import { curveStyle } from '../../../common/charts/curve-style.ts';
import { svgChart } from '../../../common/charts/svg-chart.ts';
import { linearTicks, logarithmicTicks } from '../../../common/charts/ticks.ts';

describe('ticks', () => {
  test('round, within the range, without errors of adding up', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.05, 0.35, 6)).toEqual([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
    expect(linearTicks(-130, 270, 4)).toEqual([-100, 0, 100, 200]);
    expect(linearTicks(3, 3, 5)).toEqual([3]);
  });

  test('of a logarithmic axis', () => {
    expect(logarithmicTicks(0.002, 30)).toEqual([0.01, 0.1, 1, 10]);
    expect(logarithmicTicks(1.5, 9)).toEqual([2, 5]);
  });
});

describe('a chart as SVG', () => {
  const points = [0, 1, 2, 3, 4].map((x) => ({ x, y: x === 2 ? Number.NaN : 10 * x }));
  const style = { colour: '#1f5fbf', dash: [6, 3] };

  test('places of points, a gap where a value is not a number, names that are no markup', () => {
    const svg = svgChart({ title: 'a < b', xLabel: 'Step', curves: [{ label: 'x & "y"', points, ...style }] });
    // The plot is 562 wide from 62 on and 286 high from 34 on; x runs from 0 to 4, y from 0 to 40.
    const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, path]) => path);
    expect(lines).toEqual(['62,320 202.5,248.5', '483.5,105.5 624,34']);
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('x &amp; &quot;y&quot;');
    expect(svg).toContain('stroke-dasharray="6 3"');
    expect(svg).not.toContain('NaN');
  });

  test('markers stand on their curve and on its line in the legend', () => {
    const many = Array.from({ length: 1000 }, (_, x) => ({ x, y: x }));
    for (const [marker, shape] of [
      ['circle', /<circle cx="([\d.]+)" cy="([\d.]+)"/g],
      ['rect', /<rect x="([\d.]+)" y="([\d.]+)" width="6"/g],
      ['triangle', /<polygon points="([\d.]+),([\d.]+) /g],
    ] as const) {
      const svg = svgChart({ title: 't', xLabel: 'Step', curves: [{ label: 'a', points: many, ...style, marker }] });
      const places = [...svg.matchAll(shape)].map(([, x, y]) => [Number(x), Number(y)] as const);
      expect(places).toHaveLength(6 + 1);
      // Up by 286 px over 562, the corner of the shape at most 4 px off.
      for (const [x, y] of places.slice(0, 6)) expect(Math.abs(320 - ((x - 62) * 286) / 562 - y)).toBeLessThan(6);
    }
  });

  test('a logarithmic axis leaves out what it cannot show, a single point is a dot', () => {
    const svg = svgChart({
      title: 't',
      xLabel: 'Step',
      logarithmic: true,
      curves: [
        {
          label: 'a',
          points: [
            { x: 0, y: 0 },
            { x: 1, y: 5 },
          ],
          ...style,
        },
      ],
    });
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(svg).not.toContain('<polyline');
  });
});

test('twenty curves are all different', () => {
  for (const scheme of ['light', 'dark'] as const) {
    const styles = Array.from({ length: 20 }, (_, index) => JSON.stringify(curveStyle(index, scheme)));
    expect(new Set(styles).size).toBe(20);
  }
});
