/** Colours that runs were given: among the settings, as they are chosen beside one another and not by a run alone. */
import type { SqliteDatabase } from './database.ts';
import type { SettingsStore } from './settings.ts';

export type RunColours = ReturnType<typeof createRunColours>;

export function createRunColours(sqlite: SqliteDatabase, settings: SettingsStore) {
  const ids = sqlite.prepare('SELECT id FROM runs').pluck();
  /** Read once: a list asks for those of thousands of runs. */
  let known: Record<string, string> | undefined;
  const all = () => {
    known ??= settings.get('runColours') ?? {};
    return known;
  };

  function keep(colours: Record<string, string>) {
    known = colours;
    settings.set('runColours', colours);
  }

  return {
    of: (id: string): string | null => all()[id] ?? null,

    /** Null takes it away. Those of runs that are gone go with it. */
    give(runs: readonly string[], colour: string | null) {
      const there = new Set(ids.all() as string[]);
      const next = { ...all(), ...Object.fromEntries(runs.map((id) => [id, colour])) };
      keep(
        Object.fromEntries(
          Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== null && there.has(entry[0])),
        ),
      );
    },

    /** Where none was given yet: those of the page of runs, from before they were common to all. */
    adopt() {
      try {
        const shown = settings.get('shownRuns')?.view.colours;
        if (shown && settings.get('runColours') === null) keep(shown);
      } catch {
        // The page of runs tells of a view that is spoilt.
      }
    },
  };
}
