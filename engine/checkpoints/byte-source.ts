/** Where a reader takes its bytes from, and how it refuses what it finds there. */
import { AppError } from '../../common/errors.ts';

/** A file, or anything else with a name and bytes. */
export interface ByteSource {
  /** How messages call it: its path. */
  name: string;
  sizeBytes: number;
  /** Exactly `length` bytes from `offset`. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The error for a file that is not what it should be: names the file, the place and what was expected there. */
export function invalidAt(source: Pick<ByteSource, 'name'>, offset: number, message: string, cure: string): AppError {
  return new AppError('checkpoint-invalid', `${source.name}, byte ${offset}: ${message}`, { cure });
}
