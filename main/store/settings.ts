/** What the studio remembers about itself, by name. */
import { z } from 'zod';
import type { SqliteDatabase } from './database.ts';

const schema = {
  /** Nothing is started; the reason is the studio's own, null when a person asked for it. */
  queueHold: z.object({ reason: z.string().nullable() }).nullable().default(null),
};

type Settings = { [Key in keyof typeof schema]: z.infer<(typeof schema)[Key]> };
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
