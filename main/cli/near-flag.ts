import type { Command } from 'commander';
import { nearestTo } from '../../common/nearest.ts';

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
      const near = nearestTo(
        unknown,
        flags.filter((flag) => flag.startsWith('--')),
      );
      if (near) write(`(Did you mean ${near}?)\n`);
    },
  });
}
