/** Colours and dashes of the runs of a view. */
import { type CurveStyle, curveColours, curveStyle, runColour } from './curve-style.ts';

/**
 * Each run has its own colour, the same in every view. Where two of the visible ones would share it while others are
 * free, the later in the order of ids takes one that is used least; runs of one colour differ in their dash.
 *
 * @param ids of the runs that are drawn, in any order
 */
export function runStyles(ids: readonly string[], scheme: 'light' | 'dark'): Map<string, CurveStyle> {
  const colours = curveColours(scheme);
  const used = new Map(colours.map((colour) => [colour, 0]));
  const styles = new Map<string, CurveStyle>();
  for (const id of [...new Set(ids)].sort()) {
    const own = runColour(id, scheme);
    const least = Math.min(...used.values());
    const start = colours.indexOf(own);
    const colour =
      colours.map((_, at) => colours[(start + at) % colours.length]!).find((one) => used.get(one) === least) ?? own;
    const rank = used.get(colour)!;
    used.set(colour, rank + 1);
    styles.set(id, { colour, dash: curveStyle(rank, scheme).dash });
  }
  return styles;
}
