/** How many runs stand side by side: more than eight colours are not told apart. */
export const comparedRuns = { least: 2, most: 8 } as const;
