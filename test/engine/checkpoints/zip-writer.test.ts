import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempDisposableSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../../engine/checkpoints/byte-source.ts';
import { readZipDirectory } from '../../../engine/checkpoints/zip.ts';
import { planZip, type ZipPart } from '../../../engine/checkpoints/zip-writer.ts';
import { peerPython } from '../../support/peer-python.ts';

/** Never touched, so that it takes addresses but no memory. */
const large = new Uint8Array(2 ** 32 + 1000);
const parts: ZipPart[] = [
  { name: 'small', sizeBytes: 3, bytes: () => new Uint8Array([1, 2, 3]) },
  { name: 'large', sizeBytes: large.length, bytes: () => large },
  { name: 'far', sizeBytes: 2, bytes: () => new Uint8Array([4, 5]) },
];

/** What was written, without the large entry's zeros. */
async function written(given: ZipPart[]) {
  const plan = planZip(given, () => 0);
  const chunks: { offset: number; bytes: Uint8Array }[] = [];
  let offset = 0;
  await plan.write(async (bytes) => {
    if (bytes !== large) chunks.push({ offset, bytes });
    offset += bytes.length;
  });
  return { plan, chunks, sizeBytes: offset };
}

type Written = Awaited<ReturnType<typeof written>>;

function sparseSource({ chunks, sizeBytes }: Written): ByteSource {
  return {
    name: 'sparse.pth',
    sizeBytes,
    async read(offset, length) {
      const found = new Uint8Array(length);
      for (const chunk of chunks) {
        const from = Math.max(offset, chunk.offset);
        const to = Math.min(offset + length, chunk.offset + chunk.bytes.length);
        if (from < to) found.set(chunk.bytes.subarray(from - chunk.offset, to - chunk.offset), from - offset);
      }
      return found;
    },
  };
}

test('entries beyond 4 GiB are found again, at multiples of 64, in a file of the size that was planned', async () => {
  const file = await written(parts);
  expect(file.sizeBytes).toBe(file.plan.sizeBytes);
  const entries = [...(await readZipDirectory(sparseSource(file))).values()];
  expect(entries.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual(
    parts.map(({ name, sizeBytes }) => [name, sizeBytes]),
  );
  expect(entries[2]!.headerOffset).toBeGreaterThan(2 ** 32);
  // The bytes of an entry begin at a multiple of 64: those of the last one are a chunk of their own.
  expect(file.chunks.find(({ bytes }) => bytes[0] === 4 && bytes.length === 2)!.offset % 64).toBe(0);
});

test('without them no 64-bit field is used; with 65,535 entries the count alone is', async () => {
  const plain = await written([parts[0]!]);
  expect(plain.chunks.at(-1)!.bytes.length).toBe(22);
  const names = Array.from({ length: 65_535 }, (_, at) => String(at).padStart(5, '0'));
  const many = planZip(
    names.map((name) => ({ name, sizeBytes: 0, bytes: () => new Uint8Array() })),
    () => 0,
  );
  // Headers are filled up to 64 bytes; a line of the directory is 46 and the name; the ends 56, 20 and 22.
  expect(many.sizeBytes).toBe(65_535 * (64 + 46 + 5) + 56 + 20 + 22);
});

const { python, missing } = peerPython('zipfile');

test.skipIf(missing || process.platform === 'win32')(
  `zipfile of Python reads it${missing ? ` (left out: ${missing})` : ''}`,
  async () => {
    const file = await written(parts);
    using folder = mkdtempDisposableSync(join(tmpdir(), 'contrast-zip-'));
    const path = join(folder.path, 'sparse.zip'); // a hole in the file, which takes no room
    const handle = openSync(path, 'w');
    ftruncateSync(handle, file.sizeBytes);
    for (const { offset, bytes } of file.chunks) writeSync(handle, bytes, 0, bytes.length, offset);
    closeSync(handle);
    const script = `import zipfile, sys, json
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([[i.filename, i.file_size, i.header_offset] for i in z.infolist()]))
z.open('far')`;
    const found = JSON.parse(execFileSync(python, ['-c', script, path]).toString()) as [string, number, number][];
    expect(found.map(([name, size]) => [name, size])).toEqual(parts.map(({ name, sizeBytes }) => [name, sizeBytes]));
    expect(found[2]![2]).toBeGreaterThan(2 ** 32);
  },
);
