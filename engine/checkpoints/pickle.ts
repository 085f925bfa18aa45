/**
 * Pickles (the Python standard library's pickletools describes them), read as data. The machine knows the
 * binary instructions of protocols 2 to 5; names of classes and functions go to an allow-list whose entries are ours,
 * and anything that is not on it is refused by name. Nothing of a file is ever looked up, imported or run.
 *
 * Time and memory are those of the file's size: what is referred to twice is shared, lengths are believed only if the
 * bytes are there, and the number of instructions, what they copy, and the depth are limited.
 */
import { type ByteSource, invalidAt } from './byte-source.ts';
import { PickleCut } from './pickle-cursor.ts';
import { PickleMachine, type PickleRules } from './pickle-machine.ts';
import { PickleRefusal, type PickleValue } from './pickle-values.ts';

export interface PickleLimits {
  bytes: number;
  /** Instructions, and items that are copied. */
  effort: number;
}

/** Of a checkpoint: storages are not in its pickle, and 1,000 tensors take about 100,000 instructions. */
const checkpointLimits: PickleLimits = { bytes: 2 ** 26, effort: 2_000_000 };
/** As far as the first look into a pickle of unknown length goes. */
const firstWindowBytes = 2 ** 18;

/**
 * Reads the pickle that begins at `offset`, which ends before `limit`. Gives its value and the place after it. Throws
 * `checkpoint-invalid` with the file, the byte and what was expected there.
 */
export async function readPickle(
  source: ByteSource,
  offset: number,
  limit: number,
  rules: PickleRules,
  limits = checkpointLimits,
): Promise<{ value: PickleValue; end: number }> {
  const available = Math.min(limit - offset, limits.bytes);
  for (let window = Math.min(available, firstWindowBytes); ; window = Math.min(available, window * 4)) {
    const machine = new PickleMachine(await source.read(offset, window), rules, limits.effort);
    try {
      const value = machine.run();
      return { value, end: offset + machine.cursor.position };
    } catch (thrown) {
      if (thrown instanceof PickleCut) {
        if (window < available) continue; // only the window ended: again from the start, with a larger one
        const fault = available === limits.bytes ? `is longer than ${limits.bytes} bytes` : 'ends here';
        throw invalidAt(source, offset + available, `expected the rest of a pickle, but it ${fault}`, damagedCure);
      }
      if (thrown instanceof PickleRefusal) {
        throw invalidAt(source, offset + machine.instructionStart, thrown.message, refusedCure);
      }
      throw thrown;
    }
  }
}

const damagedCure = 'The file is damaged or was not copied completely. Take another copy of it.';
const refusedCure =
  'Only tensors, numbers, texts and containers are read. If you trust the file, load it in PyTorch and save its state_dict alone.';
