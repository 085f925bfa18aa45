/**
 * The files of a dataset, stored for millions: names as UTF-8 in one buffer, folders once. 1.3 million ImageNet names
 * take about 45 MB here, and several hundred as an array of path strings.
 */
export class FileTable {
  readonly length: number;
  readonly #folders: readonly string[];
  readonly #folderLabels: Int32Array;
  readonly #folderOf: Uint32Array; // [length]
  readonly #nameEnds: Float64Array; // [length + 1], byte offsets; beyond 2^32 they would not fit 32 bits
  readonly #names: Uint8Array;

  constructor(
    folders: readonly string[],
    folderLabels: Int32Array,
    folderOf: Uint32Array,
    ends: Float64Array,
    names: Uint8Array,
  ) {
    this.length = folderOf.length;
    this.#folders = folders;
    this.#folderLabels = folderLabels;
    this.#folderOf = folderOf;
    this.#nameEnds = ends;
    this.#names = names;
  }

  /** Path of a file below the dataset's root, with `/` between its parts. RangeError outside 0 .. length-1. */
  path(index: number): string {
    const folder = this.#folders[this.#folderOf[this.#check(index)]!]!;
    const name = decoder.decode(this.#names.subarray(this.#nameEnds[index]!, this.#nameEnds[index + 1]!));
    return folder === '' ? name : `${folder}/${name}`;
  }

  /** Index of the file's class, -1 where the dataset has no labels. */
  label(index: number): number {
    return this.#folderLabels[this.#folderOf[this.#check(index)]!]!;
  }

  /** All labels, [length]. */
  labels(): Int32Array {
    return Int32Array.from(this.#folderOf, (folder) => this.#folderLabels[folder]!);
  }

  *paths(): Generator<string> {
    for (let index = 0; index < this.length; index++) yield this.path(index);
  }

  #check(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`File ${index} of a table of ${this.length}`);
    return index;
  }
}

/** Collects a `FileTable` folder by folder; the order of the files is the order in which they are added. */
export class FileTableBuilder {
  #folders: string[] = [];
  #folderLabels: number[] = [];
  #folderOf = new Uint32Array(1024);
  #nameEnds = new Float64Array(1025);
  #names = new Uint8Array(32 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  addFolder(folder: string, label: number, names: Iterable<string>): void {
    const folderIndex = this.#folders.push(folder) - 1;
    this.#folderLabels.push(label);
    for (const name of names) {
      const start = this.#nameEnds[this.#length]!;
      // A UTF-16 code unit takes three bytes at most.
      if (start + name.length * 3 > this.#names.length) this.#names = grown(this.#names, start + name.length * 3);
      if (this.#length >= this.#folderOf.length) this.#folderOf = grown(this.#folderOf, this.#length + 1);
      if (this.#length + 1 >= this.#nameEnds.length) this.#nameEnds = grown(this.#nameEnds, this.#length + 2);
      this.#folderOf[this.#length] = folderIndex;
      this.#nameEnds[++this.#length] = start + encoder.encodeInto(name, this.#names.subarray(start)).written;
    }
  }

  build(): FileTable {
    return new FileTable(
      this.#folders,
      Int32Array.from(this.#folderLabels),
      this.#folderOf.slice(0, this.#length),
      this.#nameEnds.slice(0, this.#length + 1),
      this.#names.slice(0, this.#nameEnds[this.#length]!),
    );
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a name may begin with U+FEFF

function grown<T extends Uint8Array | Uint32Array | Float64Array>(array: T, needed: number): T {
  // Growing by half keeps the copying linear and the spare room small.
  const larger = new (array.constructor as new (length: number) => T)(Math.max(needed, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
