import type { Command } from 'commander';

/**
 * An unknown flag is answered with the nearest one. Commander does so for one long name of each option; fields have the
 * reference's name as well.
 */
export function suggestFlags(command: Command, flags: readonly string[]): void {
  command.configureOutput({
    outputError(text, write) {
      write(text);
      const unknown = /unknown option '(--[^'=]+)/.exec(text)?.[1];
      if (unknown === undefined || text.includes('Did you mean')) return;
      const near = flags
        .filter((flag) => flag.startsWith('--'))
        .map((flag) => ({ flag, distance: editDistance(flag, unknown) }))
        .filter(({ flag, distance }) => distance <= Math.min(3, flag.length / 3))
        .sort((a, b) => a.distance - b.distance);
      if (near[0]) write(`(Did you mean ${near[0].flag}?)\n`);
    },
  });
}

/** Levenshtein's: letters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = row[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
