/** Colours that people give to runs. */
import { z } from 'zod';
import { curveColours } from './charts/curve-style.ts';

export const givenColour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: ({ input }) => `"${input}" is no colour; write it as #rrggbb.` })
  .toLowerCase();

/** By the id of the run. What is no colour is left out, the rest is kept. */
export const coloursByRun = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((values): Record<string, string> => {
    const kept = Object.entries(values).flatMap(([run, value]) => {
      const { data } = givenColour.safeParse(value);
      return data === undefined ? [] : [[run, data]];
    });
    return Object.fromEntries(kept);
  });

/** Of the colours that are offered, in their order. */
export const colourNames: readonly string[] = ['blue', 'orange', 'teal', 'magenta', 'gold'];

/** One of the names, or `#rrggbb`; undefined where it is neither. */
export function colourNamed(text: string): string | undefined {
  const wanted = text.trim().toLowerCase();
  const at = colourNames.indexOf(wanted);
  return at < 0 ? givenColour.safeParse(wanted).data : curveColours('light')[at];
}
