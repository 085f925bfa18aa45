/** Files as torch.save makes them: a zip archive that `torch.load(weights_only=True)` reads. */
import { type Checksum, crc32 } from './crc32.ts';
import type { PickleValue } from './pickle-values.ts';
import { writePickle } from './pickle-writer.ts';
import type { TorchTensor } from './pytorch-tensor.ts';
import { planZip, type ZipPart, type ZipPlan } from './zip-writer.ts';

/**
 * Plans the file of `root`; its tensors' bytes (row-major, little-endian) are asked for one at a time while it is
 * written. A tensor that occurs twice is stored once.
 */
export function planPytorch(
  root: PickleValue,
  readBytes: (tensor: TorchTensor) => Promise<Uint8Array>,
  checksum: Checksum = crc32,
): ZipPlan {
  const { bytes, tensors } = writePickle(root);
  const text = (name: string, content: string): ZipPart => part(name, new TextEncoder().encode(content));
  const storages = tensors.map((tensor, key): ZipPart => {
    return { name: `archive/data/${key}`, sizeBytes: tensor.sizeBytes, bytes: () => readBytes(tensor) };
  });
  return planZip(
    [part('archive/data.pkl', bytes), text('archive/byteorder', 'little'), ...storages, text('archive/version', '3\n')],
    checksum,
  );
}

function part(name: string, bytes: Uint8Array): ZipPart {
  return { name, sizeBytes: bytes.length, bytes: () => bytes };
}
