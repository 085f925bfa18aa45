import { closeSync, openSync, readSync } from 'node:fs';

export interface WholeLine {
  text: string;
  /** Bytes of the file up to and with this line's end. */
  end: number;
}

const chunkBytes = 1 << 20;

/** The whole lines of a file of any size, one after the other; a torn last line is left out. No file: no lines. */
export function* readLines(path: string): Generator<WholeLine> {
  const file = openIfThere(path);
  if (file === null) return;
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest = Buffer.alloc(0);
    let end = 0;
    for (;;) {
      const count = readSync(file, chunk);
      if (count === 0) return;
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let stop = bytes.indexOf(0x0a); stop >= 0; stop = bytes.indexOf(0x0a, start)) {
        end += stop + 1 - start;
        yield { text: bytes.toString('utf8', start, stop), end };
        start = stop + 1;
      }
      rest = bytes.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
}
