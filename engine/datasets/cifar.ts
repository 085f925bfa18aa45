/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky 2009) as they are published: batches of Python's pickle, or binary records of a label
 * and the pixels. A picture is 32 x 32 in three planes of 1,024 bytes, red, green and blue, rows from the top.
 */
import { AppError } from '../../common/errors.ts';
import { NumpyArray } from '../checkpoints/pickle-numpy.ts';
import { PickleDictionary, type PickleValue } from '../checkpoints/pickle-values.ts';
import type { Picture } from '../views/picture.ts';

const cifarSide = 32;
const plane = cifarSide * cifarSide;
const pictureBytes = 3 * plane;

export interface CifarLayout {
  dataset: 'cifar10' | 'cifar100';
  format: 'pickle' | 'binary';
  /** Names of the files of a split, in their order. */
  splits: { train: string[]; test: string[] };
  /** The file that names the classes; it may be missing. */
  names: string;
}

export interface CifarBatch {
  /** [pictures, 3, 32, 32] */
  pixels: Uint8Array;
  /** [pictures]; of CIFAR-100 the fine ones. */
  labels: Int32Array;
}

const five = (name: (number: number) => string) => [1, 2, 3, 4, 5].map(name);

const layouts: CifarLayout[] = [
  {
    dataset: 'cifar10',
    format: 'pickle',
    splits: { train: five((number) => `data_batch_${number}`), test: ['test_batch'] },
    names: 'batches.meta',
  },
  {
    dataset: 'cifar10',
    format: 'binary',
    splits: { train: five((number) => `data_batch_${number}.bin`), test: ['test_batch.bin'] },
    names: 'batches.meta.txt',
  },
  { dataset: 'cifar100', format: 'pickle', splits: { train: ['train'], test: ['test'] }, names: 'meta' },
  {
    dataset: 'cifar100',
    format: 'binary',
    splits: { train: ['train.bin'], test: ['test.bin'] },
    names: 'fine_label_names.txt',
  },
];

/** What the files of a folder are, by their names; undefined where they are no CIFAR. */
export function cifarLayout(files: ReadonlySet<string>): CifarLayout | undefined {
  return layouts.find(({ splits }) => [...splits.train, ...splits.test].every((name) => files.has(name)));
}

/** The batch that a pickle holds, read as data. Throws `data-invalid` naming the file and what is wrong with it. */
export function cifarPickle(name: string, value: PickleValue, classes: number): CifarBatch {
  if (!(value instanceof PickleDictionary)) throw wrong(name, 'it holds no dict');
  const data = value.get('data');
  const labels = value.get('fine_labels') ?? value.get('labels');
  if (!(data instanceof NumpyArray) || data.type.code !== 'u1' || data.fortranOrder) {
    throw wrong(name, 'its "data" is no array of bytes, row after row');
  }
  if (!Array.isArray(labels) || labels.length * pictureBytes !== data.bytes.length) {
    throw wrong(name, `${data.bytes.length} bytes of pixels do not go with its labels`);
  }
  const whole = labels.map((label) => (typeof label === 'number' ? label : Number.NaN));
  return { pixels: data.bytes, labels: checkedLabels(name, whole, classes) };
}

/** The names of the classes in a pickle; undefined where it has none. */
export function cifarNames(value: PickleValue): string[] | undefined {
  if (!(value instanceof PickleDictionary)) return undefined;
  const names = value.get('fine_label_names') ?? value.get('label_names');
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}

/** The batch of a binary file: label (of CIFAR-100 coarse and fine) and pixels, record after record. */
export function cifarBinary(name: string, bytes: Uint8Array, dataset: CifarLayout['dataset']): CifarBatch {
  const labelBytes = dataset === 'cifar100' ? 2 : 1;
  const record = labelBytes + pictureBytes;
  const count = bytes.length / record;
  if (count === 0 || !Number.isInteger(count)) {
    throw wrong(name, `its ${bytes.length} bytes are no whole number of records of ${record}`);
  }
  const pixels = new Uint8Array(count * pictureBytes);
  const labels = new Array<number>(count);
  for (let index = 0; index < count; index++) {
    const start = index * record + labelBytes;
    labels[index] = bytes[start - 1]!;
    pixels.set(bytes.subarray(start, start + pictureBytes), index * pictureBytes);
  }
  return { pixels, labels: checkedLabels(name, labels, classesOf(dataset)) };
}

export function classesOf(dataset: CifarLayout['dataset']): number {
  return dataset === 'cifar100' ? 100 : 10;
}

/** A picture of a batch, its three planes woven into one. */
export function cifarPicture({ pixels }: CifarBatch, index: number): Picture {
  const data = new Uint8Array(pictureBytes);
  for (let channel = 0; channel < 3; channel++) {
    const start = index * pictureBytes + channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) data[pixel * 3 + channel] = pixels[start + pixel]!;
  }
  return { width: cifarSide, height: cifarSide, data };
}

function checkedLabels(name: string, labels: number[], classes: number): Int32Array {
  const odd = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (odd < 0) return Int32Array.from(labels);
  throw wrong(name, `picture ${odd} has the label ${labels[odd]}, which is none of ${classes} classes`);
}

function wrong(name: string, what: string): AppError {
  return new AppError('data-invalid', `${name} is no batch of CIFAR: ${what}.`, {
    cure: 'Unpack the published archive again.',
  });
}
