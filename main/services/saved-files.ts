/** Things that people save under a name, one JSON file each in a folder of the workspace; deleted ones can come back. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { writeAtomically } from '../../system/write-atomically.ts';

export interface Saved {
  id: string;
  name: string;
}

export interface SavedFiles<Thing extends Saved> {
  /** By name. */
  list(): Thing[];
  get(id: string): Thing;
  /** Under its id, or a new one where that is left out. Throws `conflict` where another one has the name. */
  save(thing: Omit<Thing, 'id'> & { id?: string }): Thing;
  /** It stays in the folder `.deleted`, where `restore` finds it. */
  remove(id: string): void;
  restore(id: string): Thing;
}

interface SavedFolder<Thing extends Saved> {
  folder: string;
  /** Throws where it is none. */
  parse(value: unknown): Thing;
  /** What one is called in messages: "comparison". */
  called: string;
  newId(): string;
  onWarning(message: string): void;
}

export function createSavedFiles<Thing extends Saved>(options: SavedFolder<Thing>): SavedFiles<Thing> {
  const { folder, parse, called, newId, onWarning } = options;
  const deleted = join(folder, '.deleted');
  const told = new Set<string>();
  // An id comes from an address: only its last part names a file here.
  const fileOf = (id: string, parent = folder) => join(parent, `${basename(id)}.json`);

  /** A file that somebody spoilt is told of once and keeps none of the others away. */
  function read(path: string): Thing[] {
    try {
      return [parse(JSON.parse(readFileSync(path, 'utf8')))];
    } catch (thrown) {
      const message = `The ${called} ${path} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`;
      if (!told.has(message)) onWarning(message);
      told.add(message);
      return [];
    }
  }

  function list(): Thing[] {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return names
      .flatMap((name) => read(join(folder, name)))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.id < b.id ? -1 : 1));
  }

  function get(id: string): Thing {
    const found = existsSync(fileOf(id)) ? read(fileOf(id))[0] : undefined;
    if (found) return found;
    throw new AppError('not-found', `There is no ${called} ${id}.`, { cure: 'It may have been deleted.' });
  }

  return {
    list,
    get,

    save(thing) {
      const saved = parse({ ...thing, id: thing.id ?? newId() });
      if (list().some(({ id, name }) => name === saved.name && id !== saved.id)) {
        throw new AppError('conflict', `There is a ${called} "${saved.name}" already.`, {
          cure: 'Choose another name.',
          field: 'name',
        });
      }
      mkdirSync(folder, { recursive: true });
      writeAtomically(fileOf(saved.id), `${JSON.stringify(saved, null, 2)}\n`);
      return saved;
    },

    remove(id) {
      get(id);
      mkdirSync(deleted, { recursive: true });
      renameSync(fileOf(id), fileOf(id, deleted));
    },

    restore(id) {
      const path = fileOf(id, deleted);
      if (!existsSync(path)) throw new AppError('not-found', `There is no deleted ${called} ${id}.`);
      renameSync(path, fileOf(id));
      return get(id);
    },
  };
}
