/** Colours and dashes of the runs of a view. */
import { colourDistance } from './colour-vision.ts';
import { type CurveStyle, curveColours, curveDashes, inScheme, runColour } from './curve-style.ts';

/** Nearer colours are one to somebody; those of a scheme are farther from one another. */
const alike = 0.08;

/**
 * Each run has its own colour, the same in every view: the one that it was given, else one by its id. Where that would
 * be like another visible one while others are free, the later in the order of ids takes one that is used least; one
 * that was given stays. Runs of like colours differ in their dash.
 *
 * @param ids of the runs that are drawn, in any order
 * @param given colours that people chose, `#rrggbb`, by the id of the run
 */
export function runStyles(
  ids: readonly string[],
  scheme: 'light' | 'dark',
  given: ReadonlyMap<string, string> = new Map(),
): Map<string, CurveStyle> {
  const offered = curveColours(scheme);
  /** By colour, how often each dash goes with it. */
  const used = new Map<string, number[]>();
  const styles = new Map<string, CurveStyle>();

  function usesLike(colour: string): number[] {
    const near = [...used].filter(([other]) => colourDistance(colour, other) < alike);
    return curveDashes.map((_, dash) => near.reduce((sum, [, uses]) => sum + uses[dash]!, 0));
  }

  function take(id: string, colour: string) {
    const uses = usesLike(colour);
    const dash = uses.indexOf(Math.min(...uses));
    const own = used.get(colour) ?? curveDashes.map(() => 0);
    own[dash]!++;
    used.set(colour, own);
    styles.set(id, { colour, dash: curveDashes[dash]! });
  }

  const sorted = [...new Set(ids)].sort();
  // First, as the others make way for them.
  for (const id of sorted) if (given.has(id)) take(id, inScheme(given.get(id)!, scheme));
  for (const id of sorted.filter((id) => !given.has(id))) {
    const start = offered.indexOf(runColour(id, scheme));
    const turned = offered.map((_, at) => offered[(start + at) % offered.length]!);
    const uses = turned.map((colour) => usesLike(colour).reduce((sum, count) => sum + count, 0));
    take(id, turned[uses.indexOf(Math.min(...uses))]!);
  }
  return styles;
}

/** A run by itself. */
export function shownRunColour(
  { id, colour }: { id: string; colour: string | null },
  scheme: 'light' | 'dark',
): string {
  return colour === null ? runColour(id, scheme) : inScheme(colour, scheme);
}

/** Of the curves of one run in one picture: the first has the run's colour, the others those that are unlike it. */
export function seriesStyles(
  run: { id: string; colour: string | null },
  names: readonly string[],
  scheme: 'light' | 'dark',
): Map<string, CurveStyle> {
  const own = shownRunColour(run, scheme);
  const others = curveColours(scheme).filter((colour) => colourDistance(colour, own) >= alike);
  return new Map(
    names.map((name, at) => {
      const colour = at === 0 ? own : others[(at - 1) % others.length]!;
      return [name, { colour, dash: curveDashes[at % curveDashes.length]! }];
    }),
  );
}

/** Those of the runs that were given one, for `runStyles`. */
export function givenColours(runs: readonly { id: string; colour: string | null }[]): Map<string, string> {
  return new Map(runs.flatMap(({ id, colour }) => (colour === null ? [] : [[id, colour]])));
}
