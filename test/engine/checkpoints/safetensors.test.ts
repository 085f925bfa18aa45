import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import type { ByteSource } from '../../../engine/checkpoints/byte-source.ts';
import type { TensorData } from '../../../engine/checkpoints/dtypes.ts';
import { layOut, readHeader, readTensor } from '../../../engine/checkpoints/safetensors.ts';
import fc from '../../support/fast-check.ts';

interface ManifestTensor {
  dtype: string;
  shape: number[];
  first: (number | string)[];
  l2?: number | 'NaN';
}

interface ManifestFile {
  metadata?: Record<string, string> | null;
  tensors?: Record<string, ManifestTensor>;
  python?: string;
}

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures'), 'safetensors');
const manifestText = readFileSync(join(folder, 'manifest.json'), 'utf8');
const manifest: { files: Record<string, ManifestFile> } = JSON.parse(manifestText);
const files = Object.entries(manifest.files);

const torchNames: Record<string, string> = {
  ...{ F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16', I64: 'int64', I32: 'int32', I16: 'int16' },
  ...{ I8: 'int8', U8: 'uint8', BOOL: 'bool' },
};

function sourceOf(bytes: Uint8Array, name = 'test.safetensors'): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new Error(`read past the end: ${offset}`);
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}

const fixtureSource = (name: string) => sourceOf(readFileSync(join(folder, name)), name);

/** A file from header text as it is, with so many data bytes. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function l2(data: TensorData) {
  let sum = 0;
  for (const value of data) sum += Number(value) ** 2;
  return Math.sqrt(sum);
}

describe.each(files.filter(([, file]) => file.tensors))('%s, written by the safetensors package', (name, file) => {
  test('gives the metadata and every tensor exactly', async () => {
    const source = fixtureSource(name);
    const header = await readHeader(source);
    expect(header.metadata).toEqual(file.metadata ?? {});
    expect([...header.tensors.keys()].sort()).toEqual(Object.keys(file.tensors ?? {}).sort());
    for (const [tensorName, expected] of Object.entries(file.tensors ?? {})) {
      const stored = header.tensors.get(tensorName)!;
      expect(torchNames[stored.dtype]).toBe(expected.dtype);
      expect(stored.shape).toEqual(expected.shape);
      const data = await readTensor(source, stored);
      expect(data.length).toBe(expected.shape.reduce((product, size) => product * size, 1));
      expected.first.forEach((value, index) => {
        const found = data[index]!;
        if (typeof found === 'bigint') {
          // JSON.parse rounds the manifest's large whole numbers; the text holds them.
          expect(manifestText).toContain(`${found}`);
          expect(Number(found)).toBe(Number(value));
        } else {
          // 9 significant digits tell float32 values apart; for float64 they leave half a unit of the ninth. -0 is 0.
          const exact = stored.dtype === 'F64' ? Number(value) : Math.fround(Number(value));
          const tolerance = stored.dtype === 'F64' ? 5e-9 * Math.abs(exact) : 0;
          expect(found === exact || Object.is(found, exact) || Math.abs(found - exact) <= tolerance).toBe(true);
        }
      });
      // The norm covers the values after the first ones; it is given with 9 digits.
      if (expected.l2 !== undefined && expected.l2 !== 'NaN') {
        expect(Math.abs(l2(data) - expected.l2)).toBeLessThanOrEqual(1e-8 * expected.l2);
      }
    }
  });
});

test.each(files.filter(([, file]) => file.python))('%s is refused with its name and place', async (name) => {
  const error = await readHeader(fixtureSource(name)).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('checkpoint-invalid');
  expect(error.message).toMatch(new RegExp(`^${name}, byte \\d+: expected`));
});

describe('a file is refused when', () => {
  const a = '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
  test.each<[string, Uint8Array, RegExp]>([
    ['it is empty', new Uint8Array(0), /byte 0: expected a safetensors file, but it ends after 0 bytes/],
    [
      'its header is longer than the file',
      fileOf('{}', 0).fill(255, 0, 8),
      /length of the header.* 18446744073709551615/,
    ],
    ['its header is no JSON', fileOf('{"a"', 0), /expected a JSON header/],
    ['its header is no UTF-8', fileOf('{"a\u0000"', 0).fill(255, 11, 12), /expected a JSON header/],
    ['its header is a list', fileOf('[]', 0), /expected a JSON object/],
    ['its header begins with a space', fileOf(' {}', 0), /expected a JSON object/],
    ['a name occurs twice', fileOf(`{${a},${a.replace('[0,8]', '[8,16]')}}`, 16), /found "a" twice/],
    ['an escaped name occurs twice', fileOf(`{${a},"\\u0061":1}`, 8), /found "a" twice/],
    ['a field occurs twice', fileOf(`{${a.replace('"shape"', '"dtype":"I8","shape"')}}`, 8), /found "dtype" twice/],
    [
      'the metadata holds a number',
      fileOf('{"__metadata__":{"epoch":3}}', 0),
      /__metadata__ to be an object of strings/,
    ],
    ['a tensor is a number', fileOf('{"a":3}', 0), /"a": expected an object with dtype/],
    ['a dtype is unknown', fileOf(`{${a.replace('F32', 'Q4')}}`, 8), /expected a dtype of F64, F32.* found "Q4"/],
    ['a dtype is a property of objects', fileOf(`{${a.replace('F32', 'toString')}}`, 8), /found "toString"/],
    [
      'a size is negative',
      fileOf(`{${a.replace('[2]', '[-2]')}}`, 8),
      /expected a shape of whole numbers, found \[-2\]/,
    ],
    ['a size is a fraction', fileOf(`{${a.replace('[2]', '[0.5]')}}`, 8), /shape of whole numbers/],
    [
      'a shape is huge',
      fileOf(`{${a.replace('[2]', '[9007199254740991,9007199254740991]')}}`, 8),
      /expected 3.2\d+e\+32 bytes for F32/,
    ],
    [
      'a shape wraps around 2^64',
      fileOf(`{${a.replace('[2]', '[4294967296,4294967296]')}}`, 8),
      /expected 7378697629483\d+ bytes/,
    ],
    ['the bytes do not fit the shape', fileOf(`{${a.replace('[2]', '[3]')}}`, 8), /expected 12 bytes for F32 \[3\]/],
    ['the offsets run backwards', fileOf(`{${a.replace('[0,8]', '[8,0]')}}`, 8), /expected 8 bytes/],
    [
      'the offsets are missing',
      fileOf('{"a":{"dtype":"F32","shape":[2]}}', 8),
      /expected data_offsets .* found nothing/,
    ],
    [
      'bytes before the first tensor belong to none',
      fileOf(`{${a.replace('[0,8]', '[4,12]')}}`, 12),
      /4 bytes belong to no tensor/,
    ],
    [
      'bytes between tensors belong to none',
      fileOf(`{${a},"b":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}`, 10),
      /1 bytes belong/,
    ],
    ['tensors overlap', fileOf(`{${a},"b":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}}`, 8), /"b".*overlaps/],
    ['it ends too early', fileOf(`{${a}}`, 7), /expected \d+ bytes by the header, but the file has/],
    ['it goes on after the last tensor', fileOf(`{${a}}`, 9), /expected \d+ bytes by the header, but the file has/],
    [
      'an offset lies far outside',
      fileOf('{"a":{"dtype":"F32","shape":[0],"data_offsets":[99,99]}}', 0),
      /99 bytes belong/,
    ],
  ])('%s', async (_, bytes, message) => {
    const error = await readHeader(sourceOf(bytes)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error.message).toMatch(message);
    expect(error.cure).toBeTruthy();
  });
});

test('names that objects already have are names like others', async () => {
  const names = ['__proto__', 'constructor', 'toString', '7', 'ä"\\'];
  const { header, ordered, sizeBytes } = layOut(
    names.map((name) => ({ name, dtype: 'U8' as const, shape: [3] })),
    { __proto__x: 'y' },
  );
  expect(ordered.map((tensor) => tensor.name)).toEqual(names);
  const bytes = new Uint8Array(sizeBytes);
  bytes.set(header);
  const read = await readHeader(sourceOf(bytes));
  expect([...read.tensors.keys()]).toEqual(names);
  expect(read.metadata).toEqual({ __proto__x: 'y' });
});

test('the layout is aligned and exact, whatever the tensors', async () => {
  const entry = fc.record({
    name: fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__'),
    dtype: fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'I64', 'I32', 'U8', 'BOOL'),
    shape: fc.array(fc.nat(5), { maxLength: 4 }),
  });
  const entries = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 20 });
  const width: Record<string, number> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1, BOOL: 1 };
  await fc.assert(
    fc.asyncProperty(entries, fc.dictionary(fc.string(), fc.string()), async (tensors, metadata) => {
      const { header, sizeBytes } = layOut(tensors as Parameters<typeof layOut>[0] & typeof tensors, metadata);
      const bytes = new Uint8Array(sizeBytes);
      bytes.set(header);
      const read = await readHeader(sourceOf(bytes));
      expect(read.metadata).toEqual(metadata);
      expect(read.tensors.size).toBe(tensors.length);
      for (const { name, dtype, shape } of tensors) {
        const stored = read.tensors.get(name)!;
        expect(stored).toMatchObject({ dtype, shape });
        expect(stored.offset % width[dtype]!).toBe(0);
      }
    }),
  );
});

test('tensors of one name, or with an impossible shape, are not written', () => {
  const tensor = { name: 'a', dtype: 'F32' as const, shape: [1] };
  expect(() => layOut([tensor, tensor], {})).toThrow('must be different');
  expect(() => layOut([{ ...tensor, shape: [-1] }], {})).toThrow('a cannot have the shape [-1]');
});

describe('a mutated file', () => {
  const originals = files
    .filter(([, file]) => file.tensors)
    .map(([name]) => new Uint8Array(readFileSync(join(folder, name))));

  /** Reads everything; the only way to fail is an AppError, and no read may leave the file (sourceOf throws). */
  async function readWhole(bytes: Uint8Array) {
    const source = sourceOf(bytes);
    try {
      const { tensors } = await readHeader(source);
      for (const tensor of tensors.values()) await readTensor(source, tensor);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
    }
  }

  const original = fc.constantFrom(...originals);
  const edit = fc.record({ at: fc.nat(4400), byte: fc.nat(255) });

  test('with changed bytes is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(original, fc.array(edit, { minLength: 1, maxLength: 6 }), async (bytes, edits) => {
        const mutated = bytes.slice();
        for (const { at, byte } of edits) mutated[at % mutated.length] = byte;
        await readWhole(mutated);
      }),
      { numRuns: 2000 },
    );
  });

  test('with digits, brackets and quotes changed in its header is read or refused', async () => {
    const character = fc.constantFrom(...'0123456789-.eE[]{}",:\\ x');
    const edits = fc.array(fc.tuple(fc.nat(1900), character), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(original, edits, async (bytes, list) => {
        const mutated = bytes.slice();
        const headerBytes = Number(new DataView(mutated.buffer).getBigUint64(0, true));
        for (const [at, text] of list) mutated[8 + (at % headerBytes)] = text.charCodeAt(0);
        await readWhole(mutated);
      }),
      { numRuns: 2000 },
    );
  });

  test('with parts cut out or put in is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        original,
        fc.nat(),
        fc.nat(64),
        fc.uint8Array({ maxLength: 64 }),
        async (bytes, at, cut, put) => {
          const from = at % bytes.length;
          await readWhole(Uint8Array.from([...bytes.slice(0, from), ...put, ...bytes.slice(from + cut)]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of random bytes or random JSON is refused', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), readWhole));
    await fc.assert(fc.asyncProperty(fc.json(), (json) => readWhole(fileOf(json, 4))));
  });

  test('with a name of many megabytes or with deep nesting is refused in no time', async () => {
    await readWhole(fileOf(`{"${'a\\n'.repeat(1_000_000)}":1}`, 0));
    await readWhole(fileOf(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 0));
    await readWhole(fileOf(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 0));
  });
});
