/** Checkpoint files by their hash: those of runs, imported ones, who used them, and what verifying them found. */
import type { CheckpointRole } from '../../common/checkpoints.ts';
import type { JobKind } from '../../common/jobs/index.ts';
import { reviveNumbers } from '../../common/numbers.ts';
import type { SqliteDatabase } from './database.ts';
import type { checkpointVerdicts, importedCheckpoints } from './schema.ts';

export type ImportedRow = typeof importedCheckpoints.$inferSelect;
type VerdictRow = typeof checkpointVerdicts.$inferSelect;

export interface RunCheckpointRow {
  runId: string;
  runName: string;
  kind: JobKind;
  /** Name of the run folder. */
  folder: string;
  /** JSON. */
  config: string;
  trashedAt: string | null;
  path: string;
  epoch: number;
  step: number;
  sizeBytes: number;
  sha256: string;
  createdAt: string;
  best: boolean;
  /** kNN accuracy of the probe when it was written, percent. */
  probe: number | null;
}

export interface UseRow {
  sha256: string;
  role: CheckpointRole;
  at: string;
  runId: string;
  runName: string;
  kind: JobKind;
}

interface ResultOfUse {
  sha256: string;
  runId: string;
  name: string;
  values: Record<string, unknown>;
  protocol: Record<string, unknown>;
}

export function createCheckpointStore(sqlite: SqliteDatabase) {
  const imported = sqlite.prepare<[], ImportedRow>(
    `SELECT sha256, folder, stamp, record, name, created_at AS createdAt, trashed_at AS trashedAt
     FROM imported_checkpoints`,
  );
  const putImported = sqlite.prepare(
    `INSERT OR REPLACE INTO imported_checkpoints (sha256, folder, stamp, record, name, created_at, trashed_at)
     VALUES (@sha256, @folder, @stamp, @record, @name, @createdAt, @trashedAt)`,
  );
  const removeImported = sqlite.prepare('DELETE FROM imported_checkpoints WHERE folder = ?');
  const ofRuns = sqlite.prepare<[], RunCheckpointRow>(
    `SELECT runs.id AS runId, runs.name AS runName, runs.kind, runs.folder, runs.config, runs.trashed_at AS trashedAt,
       c.path, c.epoch, c.step, c.size_bytes AS sizeBytes, c.sha256, c.created_at AS createdAt, c.best,
       (SELECT p.value FROM series s JOIN points p ON p.series_id = s.id
        WHERE s.run_id = runs.id AND s.name = 'probe/bestAccuracy' AND p.step = c.step) AS probe
     FROM checkpoints c JOIN runs ON runs.id = c.run_id WHERE c.removed = 0`,
  );
  const uses = sqlite.prepare<[], UseRow>(
    `SELECT u.sha256, u.role, u.at, u.run_id AS runId, runs.name AS runName, runs.kind
     FROM checkpoint_uses u JOIN runs ON runs.id = u.run_id ORDER BY u.at`,
  );
  const resultsOfUses = sqlite.prepare<[], Omit<ResultOfUse, 'values' | 'protocol'> & Record<string, string>>(
    `SELECT u.sha256, r.run_id AS runId, r.name, r."values" AS "values", r.protocol
     FROM checkpoint_uses u JOIN results r ON r.run_id = u.run_id JOIN runs ON runs.id = u.run_id
     WHERE u.role = 'pretrained' AND runs.trashed_at IS NULL`,
  );
  const verdicts = sqlite.prepare<[], VerdictRow>(
    'SELECT file, found_sha256 AS foundSha256, stamp, at FROM checkpoint_verdicts',
  );
  const putVerdict = sqlite.prepare(
    'INSERT OR REPLACE INTO checkpoint_verdicts (file, found_sha256, stamp, at) VALUES (@file, @foundSha256, @stamp, @at)',
  );

  return {
    imported: () => imported.all(),
    putImported: (row: ImportedRow) => void putImported.run(row),
    removeImported: (folder: string) => void removeImported.run(folder),
    ofRuns: (): RunCheckpointRow[] => ofRuns.all().map((row) => ({ ...row, best: Boolean(row.best) })),
    uses: () => uses.all(),
    /** Results of the runs that evaluated a checkpoint. */
    resultsOfUses: (): ResultOfUse[] =>
      resultsOfUses.all().map((row) => ({
        sha256: row.sha256,
        runId: row.runId,
        name: row.name,
        values: reviveNumbers(row.values!),
        protocol: reviveNumbers(row.protocol!),
      })),
    verdicts: () => new Map(verdicts.all().map((row) => [row.file, row])),
    putVerdict: (row: VerdictRow) => void putVerdict.run(row),
  };
}
