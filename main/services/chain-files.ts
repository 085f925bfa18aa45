/** Chains as files: those that come with the studio, and those that were started, in `<workspace>/chains`. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ChainFile, type ChainRecord, chainFile, chainRecord } from '../../common/chains.ts';
import { AppError } from '../../common/errors.ts';
import { reviveNumbers, stringifyNumbers } from '../../common/numbers.ts';
import { writeAtomically } from '../../system/write-atomically.ts';

export interface ChainRecords {
  /** The newest first. */
  list(): ChainRecord[];
  /** Throws `not-found`, or `data-invalid` for a file that is spoilt. */
  read(id: string): ChainRecord;
  write(record: ChainRecord): void;
}

export function createChainRecords(folder: string, onWarning: (message: string) => void = () => {}): ChainRecords {
  const told = new Set<string>();
  // An id comes from an address: only its last part names a file here.
  const fileOf = (id: string) => join(folder, `${basename(id)}.json`);

  function parse(path: string): ChainRecord {
    try {
      return chainRecord.parse(reviveNumbers(readFileSync(path, 'utf8')));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : thrown;
      throw new AppError('data-invalid', `The chain ${path} cannot be read: ${why}`, { cause: thrown });
    }
  }

  return {
    list() {
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
      const records = names.flatMap((name) => {
        try {
          return [parse(join(folder, name))];
        } catch (thrown) {
          const { message } = thrown as Error;
          if (!told.has(message)) onWarning(message);
          told.add(message);
          return [];
        }
      });
      return records.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id));
    },
    read(id) {
      if (existsSync(fileOf(id))) return parse(fileOf(id));
      throw new AppError('not-found', `There is no chain ${id}.`, {
        cure: '"contrast chains ls" lists those there are.',
      });
    },
    write(record) {
      mkdirSync(folder, { recursive: true });
      writeAtomically(fileOf(record.id), `${stringifyNumbers(record, 2)}\n`);
    },
  };
}

/** @param folder `resources/chains` */
export function readChainFiles(folder: string): ChainFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readChainFile(join(folder, name)));
}

/** Throws `config-invalid` naming the file and what is wrong with it. */
export function readChainFile(path: string): ChainFile {
  try {
    return chainFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : thrown;
    throw new AppError('config-invalid', `The chain ${path} cannot be read: ${why}`, { cause: thrown });
  }
}
