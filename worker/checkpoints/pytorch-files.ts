/** Files of torch.save on the disk: read lazily, written atomically. */
import { crc32 } from 'node:zlib';
import type { PickleValue } from '../../engine/checkpoints/pickle-values.ts';
import { openPytorch, type PytorchFile } from '../../engine/checkpoints/pytorch.ts';
import type { TorchTensor } from '../../engine/checkpoints/pytorch-tensor.ts';
import { planPytorch } from '../../engine/checkpoints/pytorch-writer.ts';
import { type WrittenCheckpoint, writeAtomically } from './atomic-files.ts';
import { openSource } from './file-source.ts';

/** Close it (or use `await using`). Throws `not-found`, or `checkpoint-invalid` with the place and what was expected. */
export async function readPytorchFile(
  path: string,
  options: { expectedSha256?: string } = {},
): Promise<PytorchFile & AsyncDisposable> {
  const { source, close } = await openSource(path, options);
  try {
    return { ...(await openPytorch(source, crc32)), [Symbol.asyncDispose]: close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Holds one tensor at a time. `readBytes` gives a tensor's elements row-major and little-endian. */
export function writePytorchFile(
  path: string,
  root: PickleValue,
  readBytes: (tensor: TorchTensor) => Promise<Uint8Array>,
): Promise<WrittenCheckpoint> {
  const plan = planPytorch(root, readBytes, crc32);
  return writeAtomically(path, plan.sizeBytes, plan.write);
}
