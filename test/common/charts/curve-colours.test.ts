import { describe, expect, test } from 'vitest';
import { colourDistance, contrastRatio } from '../../../common/charts/colour-vision.ts';
import { curveColours, curveStyle, inScheme, runColour, secondCue } from '../../../common/charts/curve-style.ts';
import { markerPlaces } from '../../../common/charts/marker-places.ts';
import { runStyles } from '../../../common/charts/run-styles.ts';

const schemes = ['light', 'dark'] as const;
const grounds = { light: '#ffffff', dark: '#1b1d21' };

test('distance and contrast are those of their sources', () => {
  // Greys differ in lightness alone, to all kinds of vision, and that is the cube root of their luminance.
  expect(colourDistance('#000000', '#ffffff')).toBeCloseTo(1, 5);
  expect(colourDistance('#000000', '#808080')).toBeCloseTo(Math.cbrt(((0x80 / 255 + 0.055) / 1.055) ** 2.4), 5);
  expect(colourDistance('#c04080', '#c04080')).toBe(0);
  // WCAG's extremes, and #767676, the lightest grey that has 4.5 on white.
  expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrastRatio('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  // What those who lack a cone take for one another: a red and a green of like lightness, to others far apart.
  expect(colourDistance('#b05a3c', '#6f7a3a')).toBeLessThan(0.08);
  expect(colourDistance('#1f5fbf', '#c2570c')).toBeGreaterThan(0.2);
});

describe.each(schemes)('%s', (scheme) => {
  const offered = curveColours(scheme);

  test('each colour is told from each other with any kind of vision, and stands out from the ground', () => {
    const pairs = offered.flatMap((a, at) => offered.slice(at + 1).map((b) => [a, b] as const));
    // A step that is just seen is some 0.02; thin lines that cross want several.
    for (const [a, b] of pairs) expect(colourDistance(a, b), `${a} ${b}`).toBeGreaterThan(0.12);
    for (const one of offered) expect(contrastRatio(one, grounds[scheme]), one).toBeGreaterThanOrEqual(3);
  });

  test('a colour given to a run is the same beside any others, which keep away from it', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `run${index * 7}`);
    for (const own of [...offered, '#3366cc', '#ff00aa', '#117733']) {
      const [first, ...others] = ids.slice(0, 5) as [string, ...string[]];
      const styles = runStyles(ids.slice(0, 5), scheme, new Map([[first, own]]));
      const colour = inScheme(own, scheme);
      expect(styles.get(first)).toEqual({ colour, dash: [] });
      expect(runStyles([first], scheme, new Map([[first, own]])).get(first)!.colour).toBe(colour);
      for (const id of others) expect(colourDistance(styles.get(id)!.colour, colour), own).toBeGreaterThan(0.08);
    }
  });

  test('two that were given one colour, or what looks like it to somebody, keep it and differ in their dash', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const same = runStyles(ids, scheme, new Map(ids.map((id) => [id, offered[2]!])));
    expect(new Set([...same.values()].map(({ colour }) => colour))).toEqual(new Set([offered[2]]));
    expect(new Set([...same.values()].map(({ dash }) => dash.join())).size).toBe(4);
    const [red, green] = ['#b05a3c', '#6f7a3a'];
    const alike = runStyles(
      ['a', 'b'],
      'light',
      new Map([
        ['a', red!],
        ['b', green!],
      ]),
    );
    expect([...alike.values()].map(({ colour }) => colour)).toEqual([red, green]);
    expect(new Set([...alike.values()].map(({ dash }) => dash.join())).size).toBe(2);
  });
});

test('a colour of one scheme is its namesake in the other, any other is seen on both grounds', () => {
  for (const scheme of schemes) {
    const other = scheme === 'light' ? 'dark' : 'light';
    expect(curveColours(other).map((colour) => inScheme(colour, scheme))).toEqual(curveColours(scheme));
    for (const colour of ['#ffffff', '#000000', '#ffee00', '#101080', '#1B1D21']) {
      expect(contrastRatio(inScheme(colour, scheme), grounds[scheme]), colour).toBeGreaterThanOrEqual(3);
    }
    // What stands out already is not touched.
    expect(inScheme('#E05030', scheme)).toBe('#e05030');
    expect(curveColours(scheme)).toContain(runColour('a', scheme));
  }
});

test('a curve too noisy for dashes has markers in their place, about as many however many points it has', () => {
  const dashes = [0, 1, 2, 3].map((index) => curveStyle(index, 'light'));
  const noisy = dashes.map((style) => secondCue(style, { points: 5000, smoothed: false }));
  expect(noisy.map(({ dash }) => dash)).toEqual([[], [], [], []]);
  expect(new Set(noisy.map(({ marker }) => marker)).size).toBe(4);
  for (const quiet of [
    { points: 5000, smoothed: true },
    { points: 30, smoothed: false },
  ]) {
    expect(dashes.map((style) => secondCue(style, quiet).dash)).toEqual(dashes.map(({ dash }) => dash));
  }

  for (const count of [10, 300, 20_000]) {
    const across = Array.from({ length: count }, (_, index) => 40 + (600 * index) / (count - 1));
    const places = [0, 1, 2].map((curve) => markerPlaces(across, 100, curve));
    for (const one of places) expect([5, 6, 7]).toContain(one.length);
    // Those of the first three curves stand at 50, 11.8 and 73.6 px, and every 100 px from there, at the next point.
    const gap = 600 / (count - 1);
    for (const [curve, first] of [50, 11.8034, 73.6068].entries()) {
      expect(across[places[curve]![0]!]! - 40 - first).toBeGreaterThanOrEqual(-1e-6);
      expect(across[places[curve]![0]!]! - 40 - first).toBeLessThanOrEqual(gap);
    }
  }
  expect(markerPlaces([], 100, 0)).toEqual([]);
  // A gap of many stretches has no markers that were due in it.
  expect(markerPlaces([0, 50, 1000, 1040, 1060, 1150], 100, 0)).toEqual([1, 2, 4, 5]);
});
