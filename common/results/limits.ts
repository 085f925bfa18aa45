/** How many rows stand side by side: more than eight colours are not told apart. */
export const comparedRows = { least: 2, most: 8 } as const;
