/** torch.save's zip archives: `<name>/data.pkl`, the storages as `<name>/data/<key>`, `<name>/byteorder`. */
import { type ByteSource, invalidAt } from './byte-source.ts';
import type { Checksum } from './crc32.ts';
import { readPickle } from './pickle.ts';
import { PickleRefusal } from './pickle-values.ts';
import type { OpenedPickle } from './pytorch.ts';
import { parseStorageId, torchGlobal } from './pytorch-globals.ts';
import { TorchStorage, torchDtypeBytes } from './pytorch-tensor.ts';
import { locateEntry, readZipDirectory, verifyEntry, type ZipEntry } from './zip.ts';

export async function openZip(source: ByteSource, checksum: Checksum): Promise<OpenedPickle> {
  const entries = await readZipDirectory(source);
  const { folder, pickle } = findPickle(source, entries);
  const start = await locateEntry(source, pickle);
  const entryOf = (key: string) => entries.get(`${folder}data/${key}`);

  const { value: root } = await readPickle(source, start, start + pickle.sizeBytes, {
    global: torchGlobal,
    persistent(id) {
      const { dtype, key, elements } = parseStorageId(id);
      const entry = entryOf(key);
      const sizeBytes = elements * torchDtypeBytes(dtype);
      if (!entry || entry.sizeBytes < sizeBytes) {
        const found = entry ? `${entry.sizeBytes} bytes` : 'no such entry';
        throw new PickleRefusal(
          `expected data/${key} with ${sizeBytes} bytes for ${elements} x ${dtype}, found ${found}`,
        );
      }
      return new TorchStorage(key, dtype, sizeBytes);
    },
  });
  return {
    root,
    littleEndian: await isLittleEndian(source, entries.get(`${folder}byteorder`)),
    async readStorage({ key }, offset, length) {
      const entry = entryOf(key)!;
      const start = await locateEntry(source, entry);
      const bytes = await source.read(start + offset, length);
      // The checksum is that of the whole entry; a view of a part cannot be checked.
      if (bytes.length === entry.sizeBytes) verifyEntry(source, entry, start, bytes, checksum);
      return bytes;
    },
  };
}

function findPickle(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
  const found = [...entries.values()].filter(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
  const pickle = found[0];
  const refuse = (message: string) =>
    invalidAt(
      source,
      0,
      message,
      'Save the state_dict with torch.save; archives of torch.jit and others are not read.',
    );
  if (!pickle || found.length > 1) {
    throw refuse(`expected one data.pkl in the zip file, found ${found.length} among ${entries.size} entries`);
  }
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  if (entries.has(`${folder}constants.pkl`))
    throw refuse('expected a file of torch.save, found an archive of TorchScript');
  return { folder, pickle };
}

/** Files from before PyTorch 2.1 do not say; theirs are little-endian but for a few exotic machines. */
async function isLittleEndian(source: ByteSource, entry: ZipEntry | undefined): Promise<boolean> {
  if (!entry) return true;
  const start = await locateEntry(source, entry);
  const text = new TextDecoder().decode(await source.read(start, Math.min(entry.sizeBytes, 16)));
  if (text === 'little' || text === 'big') return text === 'little';
  throw invalidAt(
    source,
    start,
    `expected the byte order little or big, found ${JSON.stringify(text)}`,
    'Save it again.',
  );
}
