import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../main/store/database.ts';
import { openStore } from '../../../main/store/index.ts';
import { checkBeside } from '../../../main/store/integrity.ts';
import { temporaryFolder } from '../../support/studio.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'main', 'store', 'migrations');

/** The shipped migrations and one more. */
function nextMigrations(folder: string): string {
  const migrations = join(folder, 'migrations');
  cpSync(shipped, migrations, { recursive: true });
  const file = join(migrations, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  const last = journal.entries.at(-1);
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(join(migrations, '9999_next.sql'), 'ALTER TABLE runs ADD COLUMN next text;');
  return migrations;
}

function columnsOf(sqlite: Sqlite.Database): string[] {
  return (sqlite.pragma('table_info(runs)') as { name: string }[]).map((column) => column.name);
}

test('the schema and the migrations say the same', () => {
  const { sqlite } = openDatabase(join(temporaryFolder(), 'studio.db'));
  const snapshots = readdirSync(join(shipped, 'meta'))
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort();
  const snapshot = JSON.parse(readFileSync(join(shipped, 'meta', snapshots.at(-1)!), 'utf8'));
  expect(columnsOf(sqlite)).toEqual(Object.keys(snapshot.tables.runs.columns));
  expect(sqlite.prepare("SELECT sql FROM sqlite_master WHERE name = 'points'").pluck().get()).toMatch(/WITHOUT ROWID/);
  expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
  sqlite.close();
});

test('an older database is copied before it is migrated, and keeps what is in it', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'studio.db');
  const before = openStore(file);
  before.settings.set('queueHold', { reason: 'kept' });
  before.close();
  const after = openStore(file, { migrations: nextMigrations(folder) });
  expect(after.settings.get('queueHold')).toEqual({ reason: 'kept' });
  after.close();
  const copy = new Sqlite(join(folder, 'studio-before-9999_next.db'));
  expect(columnsOf(copy)).not.toContain('next');
  copy.close();
});

test('a database of a newer studio is refused and left alone', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'studio.db');
  openStore(file, { migrations: nextMigrations(folder) }).close();
  expect(() => openStore(file)).toThrow('newer Contrast Studio');
  openStore(file, { migrations: join(folder, 'migrations') }).close();
});

test('a check beside the studio that finds damage has the next start set the file aside', async () => {
  const file = join(temporaryFolder(), 'studio.db');
  openStore(file).close();
  const sound = checkBeside(file, () => expect.unreachable());
  await new Promise((resolve) => setTimeout(resolve, 500));
  await sound();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096, 4096 * 8);
  writeFileSync(file, bytes);
  const verdict = await new Promise<string>((resolve) => checkBeside(file, resolve));
  expect(verdict).not.toBe('ok');
  const store = openStore(file);
  expect(store.damagedFile).toContain('studio.db.damaged-');
  store.close();
  const again = openStore(file);
  expect(again.damagedFile).toBeNull();
  again.close();
});
