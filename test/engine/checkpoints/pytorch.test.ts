import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { crc32 } from '../../../engine/checkpoints/crc32.ts';
import { PickleDictionary, type PickleValue, walkPickle } from '../../../engine/checkpoints/pickle-values.ts';
import { openPytorch } from '../../../engine/checkpoints/pytorch.ts';
import { gather, TorchStorage, TorchTensor } from '../../../engine/checkpoints/pytorch-tensor.ts';
import { sourceOf } from '../../support/byte-source.ts';
import fc from '../../support/fast-check.ts';

const folder = join(process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures'), 'checkpoints');
const samples = readdirSync(folder)
  .filter((name) => /\.(pt|pth|tar)$/.test(name))
  .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
const fixture = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

async function readAll(bytes: Uint8Array, name = 'test.pth') {
  const file = await openPytorch(sourceOf(bytes, name));
  const tensors: TorchTensor[] = [];
  walkPickle(file.root, (value) => {
    if (value instanceof TorchTensor) tensors.push(value);
  });
  for (const tensor of tensors) await file.readBytes(tensor);
  return file.root;
}

function indexOf(bytes: Uint8Array, text: string): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(text, 'latin1');
}

describe('damaged files', () => {
  test('every cut of a zip file is refused', async () => {
    const bytes = fixture('plain-state-dict.pth');
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(readAll(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });

  test('every cut of a legacy file is refused', async () => {
    const bytes = fixture('zoo-legacy.pt');
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(readAll(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });

  test('a changed weight is told by its checksum', async () => {
    const bytes = fixture('plain-state-dict.pth');
    const at = indexOf(bytes, 'plain-state-dict/data/0') + 100;
    bytes[at]! ^= 1;
    await expect(readAll(bytes)).rejects.toThrow(/expected "plain-state-dict\/data\/0" to have the CRC-32/);
  });

  test('a file without checksums is read', async () => {
    const bytes = fixture('plain-state-dict.pth');
    for (let at = indexOf(bytes, 'PK\x01\x02'); at >= 0 && at < bytes.length - 46; ) {
      bytes.fill(0, at + 16, at + 20);
      const next = indexOf(bytes.subarray(at + 4), 'PK\x01\x02');
      at = next < 0 ? -1 : at + 4 + next;
    }
    expect(await readAll(bytes)).toBeInstanceOf(PickleDictionary);
  });

  test.each([
    ['an empty file', '', 'an empty file'],
    ['a web page', '<!DOCTYPE html><html>', 'the text "<!DOCTYPE html>'],
    ['a gzip file', '\x1f\x8b\x08\x00', 'a gzip file: unpack it first'],
    ['a picture', '\x89PNG\r\n\x1a\n', 'the bytes 89 50 4e 47'],
    ['another pickle', '\x80\x02K\x01.', 'expected the mark of torch.save, found another pickle'],
  ])('%s is named', async (_name, text, message) => {
    await expect(readAll(Buffer.from(text, 'latin1'))).rejects.toThrow(message);
  });
});

describe('tensors', () => {
  const storage = new TorchStorage('0', 'float32', 96);

  test.each<[string, ConstructorParameters<typeof TorchTensor>]>([
    ['past the end', [storage, 'float32', [25]]],
    ['with an offset', [storage, 'float32', [24], [1], 1]],
    ['with a stride', [storage, 'float32', [2, 2], [24, 1]]],
    ['of a wider type', [storage, 'float64', [24]]],
    ['with an overflow', [storage, 'float32', [2 ** 31, 2 ** 31], [0, 0]]],
    ['with a stride for each but one dimension', [storage, 'float32', [2, 2], [1]]],
  ])('a view %s is refused', (_name, parts) => {
    expect(() => new TorchTensor(...parts)).toThrow(/expected/);
  });

  test('of one element are contiguous whatever their strides', () => {
    expect(new TorchTensor(storage, 'float32', [1, 3, 1], [7, 1, 9]).contiguous).toBe(true);
  });

  test('any view is gathered as by the formula: element (i, j, ...) lies at offset + i * stride 0 + ...', () => {
    const size = fc.record({ shape: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 4 }), (axes) => {
        const shape = axes.map((axis) => axis.shape);
        const stride = axes.map((axis) => axis.stride);
        const memory = new TorchStorage('0', 'int16', 200);
        const tensor = new TorchTensor(memory, 'int16', shape, stride);
        const numbers = Uint16Array.from({ length: tensor.spanElements }, (_, index) => index);
        const found = new Uint16Array(gather(tensor, new Uint8Array(numbers.buffer)).slice().buffer);
        let expected = [0];
        axes.forEach((axis) => {
          expected = expected.flatMap((at) =>
            Array.from({ length: axis.shape }, (_, index) => at + index * axis.stride),
          );
        });
        expect([...found]).toEqual(expected);
      }),
    );
  });
});

test('the checksum is that of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (first, second) => {
      expect(crc32(second, crc32(first, 0))).toBe(zlibCrc32(second, zlibCrc32(first, 0)));
    }),
  );
});

/** A change of a file: some bytes overwritten, a piece cut out, repeated or put elsewhere. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('ones' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = change.at % Math.max(1, bytes.length);
  switch (change.kind) {
    case 'set':
      return Uint8Array.from(bytes, (byte, index) => (index === at ? change.value : byte));
    case 'ones':
      return Uint8Array.from(bytes, (byte, index) => (index >= at && index < at + change.length ? 255 : byte));
    case 'cut':
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + change.length)]);
    case 'repeat':
      return Uint8Array.from([...bytes.subarray(0, at + change.length), ...bytes.subarray(at)]);
    case 'end':
      return bytes.subarray(0, at);
  }
}

// CONTRAST_FUZZ_CASES=10000 in CI; fewer here, where a test is run again and again.
const cases = Number(process.env.CONTRAST_FUZZ_CASES ?? 2000);

test(`${cases} damaged files are read or refused, and nothing else`, async () => {
  const sample = fc.constantFrom(...samples);
  const changes = fc.array(mutation, { minLength: 1, maxLength: 4 });
  let read = 0;
  let memoryEarly = 0;
  await fc.assert(
    fc.asyncProperty(sample, changes, async ({ name, bytes }, list) => {
      if (read++ === Math.floor(cases / 5)) memoryEarly = memoryInUse();
      const damaged = list.reduce(mutate, new Uint8Array(bytes));
      const started = performance.now();
      const outcome = await readAll(damaged, name).then(
        (root): PickleValue | unknown => root,
        (thrown: unknown) => thrown,
      );
      // A bound against hanging, far above what a file of 13 kB takes.
      expect(performance.now() - started).toBeLessThan(120_000);
      if (outcome instanceof Error) {
        if (!(outcome instanceof AppError)) throw outcome;
        expect(outcome.code).toBe('checkpoint-invalid');
        expect(outcome.message.startsWith(`${name}, byte `)).toBe(true);
      }
    }),
    { numRuns: cases },
  );
  // What four fifths of the cases leave behind; one damaged file that was kept whole in each would be 50 MB of 10,000.
  expect(memoryInUse() - memoryEarly).toBeLessThan(16 * 2 ** 20);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
