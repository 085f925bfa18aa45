/** File paths in shared memory, so that a million of them exist once, not once a thread. */
export interface PathTable {
  /** Put before every path as it stands, e.g. `/data/train/`; may be empty. */
  prefix: string;
  /** Byte offsets of the paths, [length + 1]. */
  ends: Float64Array;
  /** UTF-8. */
  bytes: Uint8Array;
}

export function createPathTable(paths: Iterable<string>, prefix: string): PathTable {
  let bytes = Buffer.alloc(1 << 16);
  let used = 0;
  const ends = [0];
  for (const path of paths) {
    while (used + path.length * 3 > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
    used += bytes.write(path, used);
    ends.push(used);
  }
  const shared = new Uint8Array(new SharedArrayBuffer(used));
  shared.set(bytes.subarray(0, used));
  const sharedEnds = new Float64Array(new SharedArrayBuffer(ends.length * 8));
  sharedEnds.set(ends);
  return { prefix, ends: sharedEnds, bytes: shared };
}

export function pathAt({ prefix, ends, bytes }: PathTable, index: number): string {
  const start = ends[index]!;
  return prefix + Buffer.from(bytes.buffer, start, ends[index + 1]! - start).toString('utf8');
}
