/** What the studio remembers about itself, by name. */
import { z } from 'zod';
import { coloursByRun } from '../../common/run-colours.ts';
import { type ShownRuns, shownRuns } from '../../common/runs-view.ts';
import type { SqliteDatabase } from './database.ts';

interface Settings {
  /** Nothing is started; the reason is the studio's own, null when a person asked for it. */
  queueHold: { reason: string | null } | null;
  /** How the page of runs was left; null where it was not touched yet. */
  shownRuns: ShownRuns | null;
  /** Given by hand, by the id of the run; null where none was yet. */
  runColours: Record<string, string> | null;
}

const schema: { [Key in keyof Settings]: z.ZodType<Settings[Key]> } = {
  queueHold: z.object({ reason: z.string().nullable() }).nullable().default(null),
  shownRuns: shownRuns.nullable().default(null),
  runColours: coloursByRun.nullable().default(null),
};

export type SettingsStore = ReturnType<typeof createSettingsStore>;

export function createSettingsStore(sqlite: SqliteDatabase) {
  const read = sqlite.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = sqlite.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  return {
    get<Key extends keyof Settings>(key: Key): Settings[Key] {
      const row = read.get(key);
      return schema[key].parse(row && JSON.parse(row.value));
    },
    set<Key extends keyof Settings>(key: Key, value: Settings[Key]) {
      write.run(key, JSON.stringify(value));
    },
  };
}
