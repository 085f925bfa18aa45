import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openForeign } from '../../../worker/checkpoints/foreign-files.ts';
import { readPytorchFile } from '../../../worker/checkpoints/pytorch-files.ts';

const fixtures = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');
const at = (name: string) => join(fixtures, name);

describe('one network in three formats', () => {
  test.each([
    ['checkpoints/moco-tiny.pth.tar', 'zip'],
    ['checkpoints/moco-tiny-legacy.pth.tar', 'legacy'],
    ['safetensors/moco-tiny.safetensors', 'safetensors'],
  ])('%s has the same tensors', async (name, format) => {
    await using zip = await openForeign(at('checkpoints/moco-tiny.pth.tar'));
    await using file = await openForeign(at(name));
    expect(file.format).toBe(format);
    const shared = file.tensors.filter((tensor) => zip.tensors.some(({ name }) => name === tensor.name));
    expect(shared.length).toBeGreaterThan(10);
    for (const tensor of shared) {
      expect(zip.tensors).toContainEqual(tensor);
      expect(await file.readBytes(tensor.name)).toEqual(await zip.readBytes(tensor.name));
    }
  });
});

test('what is no checkpoint is named', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-foreign-'));
  const path = join(folder.path, 'page.pth');
  await writeFile(path, '<html>not found</html>');
  await expect(openForeign(path)).rejects.toThrow(`${path}, byte 0: expected a checkpoint of PyTorch`);
  await expect(openForeign(join(folder.path, 'none.pth'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(openForeign(folder.path)).rejects.toThrow('expected a file, found a folder');
  await using file = await openForeign(at('checkpoints/moco-tiny.pth.tar'));
  await expect(file.readBytes('module.fc.weight')).rejects.toThrow('there is no tensor "module.fc.weight" in it');
});

test('a file that changed after its hash was taken is refused', async () => {
  const expectedSha256 = '0'.repeat(64);
  await expect(readPytorchFile(at('checkpoints/zoo.pt'), { expectedSha256 })).rejects.toThrow(/expected SHA-256 0{64}/);
});
