/** Files of a small CIFAR-10 in both published forms: what Python 2 pickled, and binary records. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomAt } from '../../engine/random.ts';

const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const text = (value: string) => Buffer.concat([Buffer.of(0x55, value.length), Buffer.from(value, 'latin1')]); // SHORT_BINSTRING
const name = (module: string, attribute: string) => Buffer.from(`c${module}\n${attribute}\n`, 'latin1');
const int32 = (code: string, value: number) => {
  const bytes = Buffer.alloc(5, code, 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
};
const code = (letters: string) => Buffer.from(letters, 'latin1');

/** `{"data": numpy array [n, 3072] of uint8, "labels": [...]}` in protocol 2. */
function pickledBatch(pixels: Uint8Array, labels: number[]): Buffer {
  return Buffer.concat([
    code('\x80\x02}('),
    text('data'),
    name('numpy.core.multiarray', '_reconstruct'),
    name('numpy', 'ndarray'),
    code('K\x00\x85'),
    text('b'),
    code('\x87R('), // the array, and its state:
    code('K\x01'),
    int32('J', labels.length),
    int32('J', 3072),
    code('\x86'),
    name('numpy', 'dtype'),
    text('u1'),
    code('K\x00K\x01\x87R(K\x03'),
    text('|'),
    code('NNN'),
    int32('J', -1),
    int32('J', -1),
    code('K\x00tb\x89'),
    int32('T', pixels.length),
    pixels,
    code('tb'),
    text('labels'),
    code(']('),
    ...labels.map((label) => Buffer.of(0x4b, label)),
    code('eu.'),
  ]);
}

/** Five batches of `perBatch` pictures of each class, and a test batch: noise around a level of the class. */
export function writeSmallCifar(root: string, perBatch = 1): { pickle: string; binary: string } {
  const folders = { pickle: join(root, 'cifar-10-batches-py'), binary: join(root, 'cifar-10-batches-bin') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const batches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);
  for (const file of [...batches, 'test_batch']) {
    const labels = Array.from({ length: 10 * perBatch }, (_, index) => (index * 7) % 10);
    const random = randomAt(4, file);
    const pixels = Uint8Array.from({ length: labels.length * 3072 }, (_, at) => {
      return labels[Math.floor(at / 3072)]! * 20 + random.integer(56);
    });
    writeFileSync(join(folders.pickle, file), pickledBatch(pixels, labels));
    const records = labels.flatMap((label, index) => [
      Buffer.of(label),
      pixels.subarray(index * 3072, (index + 1) * 3072),
    ]);
    writeFileSync(join(folders.binary, `${file}.bin`), Buffer.concat(records));
  }
  const names = Buffer.concat([code('\x80\x02}'), text('label_names'), code(']('), ...classes.map(text), code('es.')]);
  writeFileSync(join(folders.pickle, 'batches.meta'), names);
  writeFileSync(join(folders.binary, 'batches.meta.txt'), `${classes.join('\n')}\n\n`);
  return folders;
}
