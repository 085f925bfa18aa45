/** Bytes in memory as a reader's source. */
import type { ByteSource } from '../../engine/checkpoints/byte-source.ts';

/** Fails as a defect, not as a bad file, where a reader goes past the end. */
export function sourceOf(bytes: Uint8Array, name = 'test.pth'): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    async read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
        throw new Error(`read of ${length} bytes at ${offset}, past the end at ${bytes.length}`);
      }
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}
