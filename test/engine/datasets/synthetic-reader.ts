import type { FolderEntry, FolderReader } from '../../../engine/datasets/folder-reader.ts';

/** A folder is an object of its entries; a file is its content; a link is a path from the root, with `->` before it. */
export interface SyntheticFolder {
  [name: string]: SyntheticFolder | string;
}

/** Folders that exist in memory alone, under `/data`. Entries come in the order in which they are written down. */
export function syntheticReader(root: SyntheticFolder): FolderReader {
  function find(path: string): { node: SyntheticFolder | string | undefined; real: string } {
    let node: SyntheticFolder | string | undefined = root;
    let real = '/data';
    for (const part of path.split('/').slice(2)) {
      node = typeof node === 'object' ? node[part] : undefined;
      real = `${real}/${part}`;
      if (typeof node === 'string' && node.startsWith('->')) ({ node, real } = find(node.slice(2)));
    }
    return { node, real };
  }
  return {
    async *entries(path) {
      const { node } = find(path);
      if (typeof node !== 'object') throw new Error(`no folder ${path}`);
      for (const name of Object.keys(node)) {
        const target = find(`${path}/${name}`).node;
        const kind: FolderEntry['kind'] =
          target === undefined ? 'other' : typeof target === 'string' ? 'file' : 'folder';
        yield { name, kind };
      }
    },
    async identity(path) {
      return find(path).real;
    },
  };
}

/** A training split like ImageNet's: classes of equal size, names of its length, made as they are asked for. */
export function imagenetLikeReader(classes: number, filesPerClass: number): FolderReader {
  return {
    async *entries(path) {
      const name = path.split('/')[3];
      if (path === '/data') yield { name: 'train', kind: 'folder' };
      else if (name === undefined) {
        for (let index = 0; index < classes; index++) yield { name: className(index), kind: 'folder' };
      } else {
        // Backwards, so that sorting has something to do.
        for (let index = filesPerClass; index-- > 0; ) yield { name: `${name}_${index}.JPEG`, kind: 'file' };
      }
    },
    async identity(path) {
      return path;
    },
  };
}

function className(index: number): string {
  return `n${String(1_440_764 + index * 7919).padStart(8, '0')}`;
}
