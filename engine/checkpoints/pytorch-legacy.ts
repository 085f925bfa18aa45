/**
 * torch.save's format before PyTorch 1.6: four pickles (a magic number, the version, sizes of C types, the object), a
 * fifth with the keys of the storages, then each storage: its length in elements (64 bits) and its bytes, always
 * little-endian.
 */
import { type ByteSource, invalidAt } from './byte-source.ts';
import { readPickle } from './pickle.ts';
import { PickleRefusal, PickleTuple, type PickleValue } from './pickle-values.ts';
import type { OpenedPickle } from './pytorch.ts';
import { parseStorageId, size, torchGlobal } from './pytorch-globals.ts';
import { type TorchDtype, TorchStorage, torchDtypeBytes } from './pytorch-tensor.ts';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const version = 1001;

interface Block {
  dtype: TorchDtype;
  elements: number;
  /** Place of its bytes, once the end of the pickles is known. */
  offset?: number;
}

export async function openLegacy(source: ByteSource): Promise<OpenedPickle> {
  const blocks = new Map<string, Block>();
  const rules = { global: torchGlobal, persistent: (id: PickleValue) => storageOf(id, blocks, source.sizeBytes) };
  const plain = { global: () => undefined, persistent: refusePersistent };
  let end = 0;
  const next = async (allowed = plain as typeof rules | typeof plain) => {
    const read = await readPickle(source, end, source.sizeBytes, allowed);
    end = read.end;
    return read.value;
  };
  if ((await next()) !== magicNumber) {
    throw invalidAt(
      source,
      0,
      'expected the mark of torch.save, found another pickle',
      'Save the state_dict with torch.save.',
    );
  }
  const found = await next();
  if (found !== version) throw invalidAt(source, end, `expected version ${version} of the format`, 'Save it again.');
  await next(); // sizes of C types, which do not matter
  const root = await next(rules);
  const keysOffset = end;
  const keys = await next();
  if (!Array.isArray(keys)) throw invalidAt(source, keysOffset, 'expected the list of storages', damagedCure);
  await locateBlocks(source, end, keys, blocks);
  return {
    root,
    littleEndian: true,
    async readStorage({ key, start }, offset, length) {
      return source.read(blocks.get(key)!.offset! + start + offset, length);
    },
  };
}

const damagedCure = 'The file is damaged or was not copied completely. Take another copy of it.';

function refusePersistent(): never {
  throw new PickleRefusal('expected no storage here');
}

/** The id names a storage, or a part of one: (key, offset, elements). */
function storageOf(id: PickleValue, blocks: Map<string, Block>, fileBytes: number): TorchStorage {
  const { dtype, key, elements, view } = parseStorageId(id);
  const itemBytes = torchDtypeBytes(dtype);
  if (elements * itemBytes > fileBytes) {
    throw new PickleRefusal(`expected a storage within the file, found ${elements} x ${dtype}`);
  }
  const block = blocks.get(key) ?? { dtype, elements };
  if (block.dtype !== dtype || block.elements !== elements) {
    throw new PickleRefusal(`expected storage ${key} to stay ${block.elements} x ${block.dtype}`);
  }
  blocks.set(key, block);
  if (view === null) return new TorchStorage(key, dtype, elements * itemBytes);
  const [, offset, length] = view instanceof PickleTuple ? view.items.slice(0, 3) : [];
  if (size(offset) + size(length) > elements) throw new PickleRefusal(`expected a view within storage ${key}`);
  return new TorchStorage(key, dtype, size(length) * itemBytes, size(offset) * itemBytes);
}

/** Finds the storages behind the pickles, in the order of their keys. */
async function locateBlocks(
  source: ByteSource,
  start: number,
  keys: readonly PickleValue[],
  blocks: ReadonlyMap<string, Block>,
) {
  let at = start;
  for (const key of keys) {
    const block = typeof key === 'string' ? blocks.get(key) : undefined;
    if (!block || block.offset !== undefined) {
      throw invalidAt(source, start, 'expected the keys of the storages, each once', damagedCure);
    }
    const bytes = block.elements * torchDtypeBytes(block.dtype);
    if (at + 8 + bytes > source.sizeBytes) {
      const message = `expected ${8 + bytes} bytes of storage ${key}, but the file ends at ${source.sizeBytes}`;
      throw invalidAt(source, at, message, damagedCure);
    }
    const length = await source.read(at, 8);
    const elements = new DataView(length.buffer, length.byteOffset).getBigInt64(0, true);
    if (elements !== BigInt(block.elements)) {
      throw invalidAt(source, at, `expected ${block.elements} elements, found ${elements}`, damagedCure);
    }
    block.offset = at + 8;
    at += 8 + bytes;
  }
  for (const [key, { offset }] of blocks) {
    if (offset === undefined) throw invalidAt(source, start, `expected storage ${key}, found none`, damagedCure);
  }
}
