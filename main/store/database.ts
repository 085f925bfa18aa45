/** Opens `studio.db`: checked, migrated (after a backup), and set aside when it is damaged. */
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { AppError } from '../../common/errors.ts';
import { forgetDamage, wasFoundDamaged } from './integrity.ts';

export type SqliteDatabase = Sqlite.Database;

export interface OpenedDatabase {
  sqlite: SqliteDatabase;
  /** Where a damaged file went; the new one is empty and is to be filled from the run folders. */
  damagedFile: string | null;
  /** The file is new. */
  created: boolean;
}

export interface DatabaseOptions {
  migrations?: string;
  readOnly?: boolean;
}

const defaultMigrations = join(import.meta.dirname, 'migrations');

/** Looked through within a tenth of a second; a larger file is checked beside the running studio, see `integrity.ts`. */
const checkedAtOpenBytes = 4 << 20;

export function openDatabase(file: string, options: DatabaseOptions = {}): OpenedDatabase {
  const existed = existsSync(file);
  const migrations = options.migrations ?? defaultMigrations;
  if (options.readOnly) return { sqlite: openReadOnly(file), damagedFile: null, created: false };
  try {
    return {
      sqlite: openChecked(file, migrations),
      damagedFile: null,
      created: !existed,
    };
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    const damagedFile = setAside(file);
    return { sqlite: openChecked(file, migrations), damagedFile, created: true };
  }
}

function openReadOnly(file: string): SqliteDatabase {
  if (!existsSync(file)) {
    throw new AppError('not-found', `There is no studio database at ${file}.`, {
      cure: 'Start the studio once, or name another folder with --workspace.',
    });
  }
  return new Sqlite(file, { readonly: true, timeout: busyTimeoutMs });
}

const busyTimeoutMs = 5000;

function openChecked(file: string, migrations: string): SqliteDatabase {
  if (wasFoundDamaged(file)) throw new DamagedDatabase('found damaged while it was open');
  const sqlite = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    sqlite.pragma('journal_mode = WAL');
    // In WAL mode NORMAL survives a killed process; a power cut may lose the last events, which are in the run folders.
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('foreign_keys = ON');
    if (statSync(file).size <= checkedAtOpenBytes) check(sqlite);
    migrateWithBackup(sqlite, file, migrations);
    return sqlite;
  } catch (thrown) {
    sqlite.close();
    throw thrown;
  }
}

/** What is wrong with the file, null when nothing is. It only looks, also beside a studio that has it open. */
export function examineDatabase(file: string): string | null {
  try {
    const sqlite = openReadOnly(file);
    try {
      check(sqlite);
      return null;
    } finally {
      sqlite.close();
    }
  } catch (thrown) {
    if (isDamage(thrown)) return (thrown as Error).message;
    throw thrown;
  }
}

class DamagedDatabase extends Error {}

function check(sqlite: SqliteDatabase) {
  const verdict = sqlite.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new DamagedDatabase(String(verdict));
}

function isDamage(thrown: unknown): boolean {
  if (thrown instanceof DamagedDatabase) return true;
  return thrown instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code);
}

/** The write-ahead log goes along, or the new database would take over its pages. */
function setAside(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  forgetDamage(file);
  return aside;
}

interface Journal {
  entries: { when: number; tag: string }[];
}

function migrateWithBackup(sqlite: SqliteDatabase, file: string, migrations: string) {
  const journal = JSON.parse(readFileSync(join(migrations, 'meta', '_journal.json'), 'utf8')) as Journal;
  const newest = journal.entries.at(-1)!;
  const applied = appliedUpTo(sqlite);
  if (applied > newest.when) {
    throw new AppError('environment', `The workspace's database ${file} was written by a newer Contrast Studio.`, {
      cure: 'Update this one, or name another folder with --workspace.',
    });
  }
  if (applied === newest.when) return;
  if (applied > 0) sqlite.prepare('VACUUM INTO ?').run(backupName(file, newest.tag));
  migrate(drizzle(sqlite), { migrationsFolder: migrations });
}

/** Time stamp of the newest migration that the database has had; 0 for a new one. */
function appliedUpTo(sqlite: SqliteDatabase): number {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (!table) return 0;
  const row = sqlite.prepare('SELECT max(created_at) AS newest FROM __drizzle_migrations').get();
  return Number((row as { newest: number | null }).newest ?? 0);
}

function backupName(file: string, tag: string): string {
  const wanted = file.replace(/\.db$/, `-before-${tag}.db`);
  return existsSync(wanted) ? wanted.replace(/\.db$/, `-${Date.now()}.db`) : wanted;
}
